package desktops

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Printer is the door through which documents leave a desktop. Whoever opens it
// says first whether they take any (a PaperWord); then each document is a
// Paper, its bytes in pieces with their lengths before them, and an answer (a
// PaperWord again).
const Printer Door = "printer"

// Paper is a document that was printed.
type Paper struct {
	Title string `json:"title"`
}

// PaperWord is what the one who takes documents says: why not, or "" that all is
// well.
type PaperWord struct {
	Refuse string `json:"refuse,omitempty"`
}

const (
	longestLine  = 4 << 10
	longestPiece = 64 << 10
	tornPaper    = 1<<32 - 1 // instead of a length: the document does not go on
)

// ErrTorn reports a document that ended in the middle, and ErrThick one that is
// longer than is taken.
var (
	ErrTorn  = errors.New("the document is not whole")
	ErrThick = errors.New("the document is too large")
)

// WriteLine writes a Paper or a PaperWord.
func WriteLine(w io.Writer, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

// ReadLine reads one.
func ReadLine(r *bufio.Reader, v any) error {
	var line []byte
	for {
		b, err := r.ReadByte()
		if err != nil {
			return err
		}
		if b == '\n' {
			break
		}
		if line = append(line, b); len(line) > longestLine {
			return fmt.Errorf("a line of a printer is longer than %d bytes", longestLine)
		}
	}
	return json.Unmarshal(line, v)
}

// WritePages sends a document's bytes.
func WritePages(w io.Writer, from io.Reader) error {
	b := make([]byte, 4+longestPiece)
	for {
		n, err := from.Read(b[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(b, uint32(n))
			if _, err := w.Write(b[:4+n]); err != nil {
				return err
			}
		}
		if err != nil {
			end := uint32(0)
			if !errors.Is(err, io.EOF) {
				end = tornPaper
			} else {
				err = nil
			}
			_, sent := w.Write(binary.BigEndian.AppendUint32(nil, end))
			return errors.Join(err, sent)
		}
	}
}

// ReadPages takes a document's bytes, most of them at most. What is too large is
// read to its end all the same, so that the next can come.
func ReadPages(r *bufio.Reader, to io.Writer, most int64) (size int64, err error) {
	head := make([]byte, 4)
	for {
		if _, err := io.ReadFull(r, head); err != nil {
			return size, fmt.Errorf("%w: %w", ErrTorn, err)
		}
		n := binary.BigEndian.Uint32(head)
		switch {
		case n == 0 && size > most:
			return size, ErrThick
		case n == 0:
			return size, nil
		case n == tornPaper:
			return size, ErrTorn
		case n > longestPiece:
			return size, fmt.Errorf("%w: a piece of %d bytes", ErrTorn, n)
		}
		size += int64(n)
		into := to
		if size > most {
			into = io.Discard
		}
		if _, err := io.CopyN(into, r, int64(n)); err != nil {
			return size, fmt.Errorf("%w: %w", ErrTorn, err)
		}
	}
}
