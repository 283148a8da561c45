package gateway

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"testing"
)

// golden is the header of a real agent_job_ack, recorded on the wire, without
// its digest. The agent's codec is held to the same bytes.
const golden = "00000074" + "6167656e745f6a6f625f61636b20202020202020202020202020202020202020" +
	"00000001" + "000001a201908d57" + "0000000000000000" + "0000000000000000" +
	"ac87d781663bfc76d7397525ae474a70"

func TestMessageHasTheBytesOfTheRealAgent(t *testing.T) {
	want, err := hex.DecodeString(golden)
	if err != nil {
		t.Fatal(err)
	}
	m := message{Type: agentJobAck, Created: 0x1a201908d57, Payload: make([]byte, 228)}
	if _, err := hex.Decode(m.ID[:], []byte("d7397525ae474a70ac87d781663bfc76")); err != nil {
		t.Fatal(err)
	}
	got := m.bytes()
	if !bytes.Equal(got[:80], want) {
		t.Errorf("header\n got %x\nwant %x", got[:80], want)
	}
	if tail := hex.EncodeToString(got[112:120]); tail != "00000000000000e4" {
		t.Errorf("payload type and length: got %s, want 00000000000000e4", tail)
	}
	back, err := parse(got)
	if err != nil || back.uuid() != "d7397525-ae47-4a70-ac87-d781663bfc76" || back.Type != agentJobAck {
		t.Errorf("read back: got %q %q %v", back.Type, back.uuid(), err)
	}
}

func TestParse(t *testing.T) {
	good := message{Type: agentJobReply, Payload: []byte("{}")}.bytes()
	change := func(at int, v uint32) []byte {
		b := bytes.Clone(good)
		binary.BigEndian.PutUint32(b[at:], v)
		return b
	}
	zeros := bytes.Clone(good)
	for i := atType + len(agentJobReply); i < atSchema; i++ {
		zeros[i] = 0
	}
	longer := binary.BigEndian.AppendUint32(nil, headerSize+8)
	longer = append(longer, good[4:headerSize]...)
	longer = append(longer, make([]byte, 8)...)
	longer = append(longer, good[headerSize:]...)
	for _, row := range []struct {
		name string
		in   []byte
		want error
	}{
		{"a type padded with blanks", good, nil},
		{"a type padded with zeros", zeros, nil},
		{"a longer header of a later schema", longer, nil},
		{"nothing", nil, errMalformed},
		{"less than a header", good[:headerSize], errMalformed},
		{"a header shorter than ours", change(0, 10), errMalformed},
		{"a header longer than the message", change(0, 1<<31), errMalformed},
		{"a payload longer than it claims", append(bytes.Clone(good), 'x'), errMalformed},
		{"a payload shorter than it claims", good[:len(good)-1], errMalformed},
		{"a claim near the limit", change(headerSize, 0xffffffff), errMalformed},
	} {
		m, err := parse(row.in)
		if !errors.Is(err, row.want) {
			t.Errorf("%s: got %v, want %v", row.name, err, row.want)
		}
		if err == nil && (m.Type != agentJobReply || string(m.Payload) != "{}") {
			t.Errorf("%s: got type %q and payload %q", row.name, m.Type, m.Payload)
		}
	}
}

func FuzzFrame(f *testing.F) {
	f.Add(message{Type: agentJobReply, Payload: []byte("{}")}.bytes())
	f.Add([]byte{0, 0, 0, headerSize})
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := parse(b)
		if err != nil {
			return
		}
		back, err := parse(m.bytes())
		if err != nil || back.Type != m.Type || back.ID != m.ID || !bytes.Equal(back.Payload, m.Payload) {
			t.Errorf("not the same after writing and reading: %+v, %+v, %v", m, back, err)
		}
	})
}

func FuzzReply(f *testing.F) {
	f.Add([]byte(`{"jobId":"a","content":"{\"documentStatus\":\"Success\",\"runtimeStatus\":{\"s\":{\"code\":1,\"output\":{}}}}"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := readReply(b); err == nil && r.Status == "" {
			t.Error("a reply without a status was taken")
		}
	})
}
