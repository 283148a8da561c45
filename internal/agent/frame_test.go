package agent

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"testing"
	"time"
)

// golden is the header of a real agent_job_ack, recorded on the wire, without
// its digest.
const (
	goldenUUID = "d7397525-ae47-4a70-ac87-d781663bfc76"
	goldenHead = "00000074" + "6167656e745f6a6f625f61636b20202020202020202020202020202020202020" +
		"00000001" + "000001a201908d57" + "0000000000000000" + "0000000000000000" +
		"ac87d781663bfc76d7397525ae474a70"
)

func TestFrameHasTheBytesOfTheRealAgent(t *testing.T) {
	f := frame{Type: typeJobAck, ID: goldenUUID, Created: time.UnixMilli(0x1a201908d57), Payload: make([]byte, 228)}
	got, err := f.encode()
	if err != nil {
		t.Fatal(err)
	}
	want, _ := hex.DecodeString(goldenHead)
	if !bytes.Equal(got[:80], want) {
		t.Errorf("header\n got %x\nwant %x", got[:80], want)
	}
	if tail := hex.EncodeToString(got[112:120]); tail != "00000000000000e4" {
		t.Errorf("payload type and length: got %s, want 00000000000000e4", tail)
	}
	back, err := decodeFrame(got)
	if err != nil || back.ID != goldenUUID || back.Type != typeJobAck || back.Created.UnixMilli() != 0x1a201908d57 {
		t.Errorf("read back: got %q %q %v %v", back.Type, back.ID, back.Created, err)
	}
}

func TestDecodeFrameRefuses(t *testing.T) {
	good, err := frame{Type: typeJob, ID: goldenUUID, Payload: []byte("{}")}.encode()
	if err != nil {
		t.Fatal(err)
	}
	change := func(at int, v uint32) []byte {
		b := bytes.Clone(good)
		binary.BigEndian.PutUint32(b[at:], v)
		return b
	}
	for name, b := range map[string][]byte{
		"nothing":                        nil,
		"less than a header":             good[:100],
		"a header shorter than ours":     change(0, 40),
		"a header longer than the frame": change(0, 1<<31),
		"a payload longer than claimed":  append(bytes.Clone(good), 'x'),
		"a payload shorter than claimed": good[:len(good)-1],
		"a length near the limit":        change(116, 0xffffffff),
		"another schema":                 change(36, 2),
		"a changed payload":              append(bytes.Clone(good[:len(good)-1]), 'x'),
	} {
		if _, err := decodeFrame(b); !errors.Is(err, errFrame) {
			t.Errorf("%s: got %v, want %v", name, err, errFrame)
		}
	}
}

func FuzzFrame(f *testing.F) {
	good, err := frame{Type: typeJob, ID: goldenUUID, Payload: []byte("{}")}.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte{0, 0, 0, 116})
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := decodeFrame(b)
		if err != nil || binary.BigEndian.Uint32(b) != headerLength || m.Type == "" {
			return
		}
		again, err := m.encode()
		if err != nil {
			t.Fatalf("encode what was decoded: %v", err)
		}
		back, err := decodeFrame(again)
		if err != nil || back.ID != m.ID || back.Type != m.Type || !bytes.Equal(back.Payload, m.Payload) {
			t.Errorf("not the same after encode and decode: %+v, %+v, %v", m, back, err)
		}
	})
}
