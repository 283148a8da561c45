package embedded

import (
	"bufio"
	"bytes"
	"io"
	"log/slog"
	"net"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"

	"tamachi/internal/directory/directorytest"
)

func seeds(f *testing.F) {
	for _, s := range []string{
		"30 0c 020101 6007 020103 0400 8000",
		"30 2b 020101 6026 020103 0417 74616e616b6140636f72702e6578616d706c652e636f6d 8008 536573616d652d33",
		"30 05 020102 4200",
		"30 06 020103 500101",
		"30 25 020102 6320 0400 0a0100 0a0100 020100 020100 010100 870b 6f626a656374436c617373 3000",
		"30 24 020104 771f 8017 312e332e362e312e342e312e343230332e312e31312e33 8104 00000000",
		"30 84 00000005 020103 4200",
		"30 45 020105 6321 0400 0a0102 0a0100 020100 020100 010100 a309 0402636e 04036162 63 3000 a01b 3019 0416 312e322e3834302e3131333535362e312e342e333139",
		"30 30 020105 632b 0400 0a0102 0a0100 020100 020100 010100 a016 a414 0402636e 300e 8003616263 8101 64 8204 65666768 3000",
	} {
		f.Add(unhex(f, s))
	}
}

// FuzzMessage feeds the parser: whatever it takes must be BER to a reader of
// another make as well, and what it holds must match without a panic.
func FuzzMessage(f *testing.F) {
	seeds(f)
	person := userEntry(directorytest.Corp, must(directorytest.Office().Lookup(f.Context(), directorytest.Corp.ID, "suzuki.ichirou")))
	f.Fuzz(func(t *testing.T, data []byte) {
		body, err := readFrame(bufio.NewReader(bytes.NewReader(data)), 64<<10)
		if err != nil {
			return
		}
		m, err := parseMessage(body)
		if err != nil {
			return
		}
		switch m.op {
		case opBind:
			if b, err := parseBind(m.body); err == nil {
				accountName(directorytest.Corp, b.name)
			}
		case opSearch:
			r, err := parseSearch(m.body)
			if err != nil {
				return
			}
			if _, err := ber.DecodePacketErr(m.body); err != nil && len(m.body) > 0 {
				t.Errorf("parsed what another reader refuses: %v", err)
			}
			if v := r.filter.match(person); v < no || v > yes {
				t.Errorf("want a truth value, got %d", v)
			}
			_, _ = parseDN(r.base)
			parsePaging(m.controls)
		}
	})
}

// FuzzSession feeds a whole connection: it must end, and all that was said
// must be messages.
func FuzzSession(f *testing.F) {
	seeds(f)
	limits := DefaultLimits()
	s := New(directorytest.Office(), nil, limits, slog.New(slog.DiscardHandler))
	f.Fuzz(func(t *testing.T, data []byte) {
		here, there := net.Pipe()
		done := make(chan []byte)
		go func() {
			b, _ := io.ReadAll(here) // the other end closes the pipe
			done <- b
		}()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			s.serve(t.Context(), guest{door: &door{directoryID: directorytest.Corp.ID}, conn: there})
		}()
		_, _ = here.Write(data) // the server may hang up before the end
		// An unbind ends a session that is still waiting for more.
		_, _ = here.Write([]byte{0x30, 0x05, 0x02, 0x01, 0x01, 0x42, 0x00})
		here.Close()
		<-ended
		for rest := bytes.NewReader(<-done); rest.Len() > 0; {
			if _, err := ber.ReadPacket(rest); err != nil && rest.Len() > 0 {
				t.Fatalf("said what is no message: %v", err)
			}
		}
	})
}

// FuzzDN feeds the reader of names.
func FuzzDN(f *testing.F) {
	for _, s := range []string{"", top, "CN=a\\,b,DC=c", "cn=\\41 ,dc= x ", "cn=#04", "=", "cn", "cn=\\", "cn=a;dc=b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := parseDN(s)
		if err == nil && len(d) > maxDNParts {
			t.Errorf("want at most %d parts, got %d", maxDNParts, len(d))
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
