package agent

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
)

// The message types of the control channel that this agent knows.
const (
	typeJob         = "agent_job"
	typeJobAck      = "agent_job_ack"
	typeJobReply    = "agent_job_reply"
	typeJobReplyAck = "agent_job_reply_ack"
)

const (
	// headerLength counts the bytes up to the payload's length field.
	headerLength = 116
	typeLength   = 32
	// maxFrame bounds what is read from the plane in one message.
	maxFrame = 1 << 20
)

// frame is an AgentMessage, big endian. Source: nodes.md 5.2, from the SSM
// Agent's wire.
type frame struct {
	Type        string
	ID          string // UUID
	Created     time.Time
	Sequence    int64
	Flags       uint64
	PayloadType uint32
	Payload     []byte
}

var errFrame = errors.New("malformed agent message")

// encode writes the frame in its wire form.
func (f frame) encode() ([]byte, error) {
	b, err := f.head(len(f.Payload))
	return append(b, f.Payload...), err
}

// head writes what comes before the payload, with room behind it.
func (f frame) head(room int) ([]byte, error) {
	if f.Type == "" || len(f.Type) > typeLength {
		return nil, fmt.Errorf("%w: message type %q", errFrame, f.Type)
	}
	id, err := swappedUUID(f.ID)
	if err != nil {
		return nil, err
	}
	b := make([]byte, 0, headerLength+4+room)
	b = binary.BigEndian.AppendUint32(b, headerLength)
	b = append(b, f.Type...)
	b = append(b, strings.Repeat(" ", typeLength-len(f.Type))...)
	b = binary.BigEndian.AppendUint32(b, 1) // schema version
	b = binary.BigEndian.AppendUint64(b, uint64(f.Created.UnixMilli()))
	b = binary.BigEndian.AppendUint64(b, uint64(f.Sequence))
	b = binary.BigEndian.AppendUint64(b, f.Flags)
	b = append(b, id[:]...)
	digest := sha256.Sum256(f.Payload)
	b = append(b, digest[:]...)
	b = binary.BigEndian.AppendUint32(b, f.PayloadType)
	return binary.BigEndian.AppendUint32(b, uint32(len(f.Payload))), nil
}

// decodeFrame reads a frame. The header may be longer than ours, for a later
// schema; the payload's digest must fit, since a plane computes it.
func decodeFrame(b []byte) (frame, error) {
	if len(b) < headerLength+4 {
		return frame{}, fmt.Errorf("%w: %d bytes", errFrame, len(b))
	}
	header := uint64(binary.BigEndian.Uint32(b))
	if header < headerLength || header+4 > uint64(len(b)) {
		return frame{}, fmt.Errorf("%w: header length %d", errFrame, header)
	}
	payload := b[header+4:]
	if size := binary.BigEndian.Uint32(b[header:]); uint64(size) != uint64(len(payload)) {
		return frame{}, fmt.Errorf("%w: payload length %d of %d", errFrame, size, len(payload))
	}
	if v := binary.BigEndian.Uint32(b[36:]); v != 1 {
		return frame{}, fmt.Errorf("%w: schema version %d", errFrame, v)
	}
	if [32]byte(b[80:112]) != sha256.Sum256(payload) {
		return frame{}, fmt.Errorf("%w: payload digest differs", errFrame)
	}
	return frame{
		Type:        strings.TrimRight(string(b[4:4+typeLength]), " \x00"),
		ID:          plainUUID([16]byte(b[64:80])),
		Created:     time.UnixMilli(int64(binary.BigEndian.Uint64(b[40:]))).UTC(),
		Sequence:    int64(binary.BigEndian.Uint64(b[48:])),
		Flags:       binary.BigEndian.Uint64(b[56:]),
		PayloadType: binary.BigEndian.Uint32(b[112:]),
		Payload:     payload,
	}, nil
}

// swappedUUID puts the second half of a UUID before the first, as the protocol
// wants it.
func swappedUUID(s string) (out [16]byte, err error) {
	plain, err := hex.DecodeString(strings.ReplaceAll(s, "-", ""))
	if err != nil || len(plain) != 16 || len(s) != 36 {
		return out, fmt.Errorf("%w: %q is no UUID", errFrame, s)
	}
	copy(out[:8], plain[8:])
	copy(out[8:], plain[:8])
	return out, nil
}

// plainUUID is the reverse of swappedUUID.
func plainUUID(b [16]byte) string {
	h := hex.EncodeToString(append(b[8:16:16], b[:8]...))
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
