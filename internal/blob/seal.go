package blob

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"tamachi/internal/id"
)

const (
	keyLength    = 32
	headerLength = 32 // magic and nonce
	magic        = "tamachi1"
)

// newHeader is the beginning of a file: what it is, and its nonce.
func newHeader(ids *id.Source) []byte {
	return append([]byte(magic), ids.Bytes(headerLength-len(magic))...)
}

// seal turns plain into sealed bytes and back. Each file has its own key, so
// the counter may begin at zero.
type seal struct{ stream cipher.Stream }

func newSeal(key, header []byte, offset int64) *seal {
	mac := hmac.New(sha256.New, key)
	mac.Write(header)
	block, err := aes.NewCipher(mac.Sum(nil))
	if err != nil {
		panic("blob: " + err.Error()) // a key of 32 bytes always fits
	}
	var counter [aes.BlockSize]byte
	binary.BigEndian.PutUint64(counter[8:], uint64(offset/aes.BlockSize))
	s := &seal{stream: cipher.NewCTR(block, counter[:])}
	skip := make([]byte, offset%aes.BlockSize)
	s.stream.XORKeyStream(skip, skip)
	return s
}

// apply writes the first len(to) bytes of from.
func (s *seal) apply(to, from []byte) { s.stream.XORKeyStream(to, from[:len(to)]) }

// fileReader reads a sealed file.
type fileReader struct {
	file   *os.File
	key    []byte
	header []byte
	size   int64 // of the content
	at     int64
	seal   *seal // nil after a Seek
}

func newFileReader(file *os.File, key []byte) (*fileReader, error) {
	r := &fileReader{file: file, key: key, header: make([]byte, headerLength)}
	if _, err := io.ReadFull(file, r.header); err != nil {
		return nil, fmt.Errorf("read the header: %w", err)
	}
	if !bytes.HasPrefix(r.header, []byte(magic)) {
		return nil, errors.New("not a blob")
	}
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	r.size = info.Size() - headerLength
	return r, nil
}

// Read reads and unseals.
func (r *fileReader) Read(p []byte) (int, error) {
	n, err := r.file.Read(p)
	if n > 0 {
		if r.seal == nil {
			r.seal = newSeal(r.key, r.header, r.at)
		}
		r.seal.apply(p[:n], p)
		r.at += int64(n)
	}
	return n, err
}

// Seek moves within the content.
func (r *fileReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the begin of a blob")
	}
	if _, err := r.file.Seek(headerLength+offset, io.SeekStart); err != nil {
		return 0, err
	}
	r.at, r.seal = offset, nil
	return offset, nil
}

// Close closes the file.
func (r *fileReader) Close() error { return r.file.Close() }
