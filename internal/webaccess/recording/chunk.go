package recording

import (
	"bytes"
	"compress/flate"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ErrDamaged reports a file that is no recording, or a part of one that does
// not open.
var ErrDamaged = errors.New("the recording is damaged")

// magic begins a file.
const magic = "TMREC1\r\n"

// headSize is how long the plain head of a chunk is.
const headSize = 4 + 1 + 4 + 4 + 4

// Bounds of a chunk: what a writer makes, and what a reader believes.
const (
	enough = 4 << 20  // bytes of messages after which a chunk ends
	most   = 96 << 20 // of one chunk, opened
)

// Chunk is what can be told of a chunk without opening it.
type Chunk struct {
	Key   bool   // begins with a whole picture
	First uint32 // milliseconds from the recording's begin, of its first message
	Last  uint32
	plain uint32 // bytes of its messages with their heads
	size  uint32 // bytes of its sealed body
	at    int64  // where its head is
}

func (c Chunk) head() []byte {
	b := binary.BigEndian.AppendUint32(nil, c.size)
	key := byte(0)
	if c.Key {
		key = 1
	}
	b = append(b, key)
	b = binary.BigEndian.AppendUint32(b, c.First)
	b = binary.BigEndian.AppendUint32(b, c.Last)
	return binary.BigEndian.AppendUint32(b, c.plain)
}

func parseHead(b []byte) (c Chunk, ok bool) {
	c = Chunk{
		size: binary.BigEndian.Uint32(b), Key: b[4] == 1, First: binary.BigEndian.Uint32(b[5:]),
		Last: binary.BigEndian.Uint32(b[9:]), plain: binary.BigEndian.Uint32(b[13:]),
	}
	return c, b[4] <= 1 && c.plain <= most && c.First <= c.Last && c.size >= 12+16
}

// sealer seals and opens the chunks of one recording.
type sealer struct{ aead cipher.AEAD }

func newSealer(key []byte) (sealer, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, err
	}
	aead, err := cipher.NewGCM(block)
	return sealer{aead}, err
}

// place binds a chunk to its number and its head, but for the size, which is
// not known before.
func place(number int, head []byte) []byte {
	return append(binary.BigEndian.AppendUint64([]byte(magic), uint64(number)), head[4:]...)
}

func (s sealer) seal(number int, c Chunk, packed, nonce []byte) []byte {
	return s.aead.Seal(nonce, nonce, packed, place(number, c.head()))
}

func (s sealer) open(number int, c Chunk, body []byte) ([]byte, error) {
	n := s.aead.NonceSize()
	if len(body) < n {
		return nil, ErrDamaged
	}
	packed, err := s.aead.Open(nil, body[:n], body[n:], place(number, c.head()))
	if err != nil {
		return nil, fmt.Errorf("%w: chunk %d does not open", ErrDamaged, number)
	}
	return packed, nil
}

// pack compresses messages. The fastest level: pictures are made once a second.
func pack(plain []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}

// Message is what a display sent at a moment.
type Message struct {
	At   uint32 // milliseconds from the recording's begin
	Data []byte
}

// Messages are those of a packed chunk.
func Messages(packed []byte) (list []Message, err error) {
	r := flate.NewReader(bytes.NewReader(packed))
	defer r.Close()
	plain, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if len(plain) > most {
		return nil, fmt.Errorf("%w: a chunk is too long", ErrDamaged)
	}
	for len(plain) > 0 {
		if len(plain) < 8 {
			return nil, fmt.Errorf("%w: a message is cut off", ErrDamaged)
		}
		n := binary.BigEndian.Uint32(plain[4:])
		if uint64(len(plain)-8) < uint64(n) {
			return nil, fmt.Errorf("%w: a message is cut off", ErrDamaged)
		}
		list = append(list, Message{At: binary.BigEndian.Uint32(plain), Data: plain[8 : 8+n]})
		plain = plain[8+n:]
	}
	return list, nil
}
