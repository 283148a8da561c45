package gateway

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"tamachi/internal/id"
)

// The message types of a control channel.
const (
	agentJob         = "agent_job"
	agentJobAck      = "agent_job_ack"
	agentJobReply    = "agent_job_reply"
	agentJobReplyAck = "agent_job_reply_ack"
)

// Offsets of an AgentMessage's fields, big endian. Source: nodes.md 5.2, from
// the SSM Agent's wire.
const (
	atType        = 4
	atSchema      = 36
	atCreated     = 40
	atSequence    = 48
	atFlags       = 56
	atID          = 64
	atDigest      = 80
	atPayloadType = 112
	headerSize    = 116 // up to the payload's length
)

// message is an AgentMessage.
type message struct {
	Type        string // at most 32 bytes
	ID          [16]byte
	Created     uint64 // milliseconds since 1970, never 0
	Sequence    uint64
	Flags       uint64
	PayloadType uint32
	Payload     []byte
}

var errMalformed = errors.New("malformed agent message")

// bytes writes the message in its wire form.
func (m message) bytes() []byte {
	b := make([]byte, headerSize+4+len(m.Payload))
	binary.BigEndian.PutUint32(b, headerSize)
	for i := copy(b[atType:atSchema], m.Type); i < atSchema-atType; i++ {
		b[atType+i] = ' '
	}
	binary.BigEndian.PutUint32(b[atSchema:], 1)
	binary.BigEndian.PutUint64(b[atCreated:], m.Created)
	binary.BigEndian.PutUint64(b[atSequence:], m.Sequence)
	binary.BigEndian.PutUint64(b[atFlags:], m.Flags)
	// The halves of the UUID go out in the other order.
	copy(b[atID:], m.ID[8:])
	copy(b[atID+8:], m.ID[:8])
	digest := sha256.Sum256(m.Payload)
	copy(b[atDigest:], digest[:])
	binary.BigEndian.PutUint32(b[atPayloadType:], m.PayloadType)
	binary.BigEndian.PutUint32(b[headerSize:], uint32(len(m.Payload)))
	copy(b[headerSize+4:], m.Payload)
	return b
}

// parse reads a message; its payload is a part of b. The type may be padded
// with blanks or zeros, and the header may be longer than we know it.
func parse(b []byte) (message, error) {
	if len(b) < headerSize+4 {
		return message{}, fmt.Errorf("%w: %d bytes are less than a header", errMalformed, len(b))
	}
	size := int64(binary.BigEndian.Uint32(b))
	if size < headerSize || size > int64(len(b))-4 {
		return message{}, fmt.Errorf("%w: a header of %d bytes", errMalformed, size)
	}
	body := b[size+4:]
	if n := int64(binary.BigEndian.Uint32(b[size:])); n != int64(len(body)) {
		return message{}, fmt.Errorf("%w: a payload of %d bytes that claims %d", errMalformed, len(body), n)
	}
	m := message{
		Type:        strings.TrimRight(string(b[atType:atSchema]), " \x00"),
		Created:     binary.BigEndian.Uint64(b[atCreated:]),
		Sequence:    binary.BigEndian.Uint64(b[atSequence:]),
		Flags:       binary.BigEndian.Uint64(b[atFlags:]),
		PayloadType: binary.BigEndian.Uint32(b[atPayloadType:]),
		Payload:     body,
	}
	copy(m.ID[8:], b[atID:atID+8])
	copy(m.ID[:8], b[atID+8:atID+16])
	return m, nil
}

// newID returns a random UUID (RFC 9562, version 4) in bytes.
func newID(ids *id.Source) (u [16]byte) {
	copy(u[:], ids.Bytes(16))
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	return u
}

// uuid writes an id in its usual form.
func (m message) uuid() string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", m.ID[:4], m.ID[4:6], m.ID[6:8], m.ID[8:10], m.ID[10:])
}
