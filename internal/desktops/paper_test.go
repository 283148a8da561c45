package desktops

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestADocumentGoesThroughTheDoor(t *testing.T) {
	text := strings.Repeat("%PDF-1.7 ", 20_000)
	for _, row := range []struct {
		name string
		from io.Reader
		most int64
		want error
	}{
		{"a whole one", strings.NewReader(text), 1 << 20, nil},
		{"one that is too large", strings.NewReader(text), 1000, ErrThick},
		{"one that breaks off", io.MultiReader(strings.NewReader(text), iotest.ErrReader(io.ErrUnexpectedEOF)), 1 << 20, ErrTorn},
	} {
		var wire, got bytes.Buffer
		if err := WriteLine(&wire, Paper{Title: "議事録"}); err != nil {
			t.Fatal(err)
		}
		_ = WritePages(&wire, row.from) // what it says is what is read below
		wire.WriteString("next")
		in := bufio.NewReader(&wire)
		var p Paper
		if err := ReadLine(in, &p); err != nil || p.Title != "議事録" {
			t.Fatalf("%s: got %+v, %v", row.name, p, err)
		}
		_, err := ReadPages(in, &got, row.most)
		if !errors.Is(err, row.want) || row.want == nil && got.String() != text || int64(got.Len()) > row.most {
			t.Errorf("%s: got %d bytes, %v, want %v", row.name, got.Len(), err, row.want)
		}
		if rest, _ := io.ReadAll(in); string(rest) != "next" {
			t.Errorf("%s: left over is %q", row.name, rest)
		}
	}
}

func FuzzPaper(f *testing.F) {
	f.Add([]byte("{\"title\":\"a\"}\n\x00\x00\x00\x04%PDF\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, in []byte) {
		r := bufio.NewReader(bytes.NewReader(in))
		var p Paper
		if ReadLine(r, &p) != nil {
			return
		}
		var got bytes.Buffer
		if _, err := ReadPages(r, &got, 100); got.Len() > 100 || err == nil && got.Len() > len(in) {
			t.Errorf("%d bytes of %d, %v", got.Len(), len(in), err)
		}
	})
}
