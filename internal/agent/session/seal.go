package session

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"

	"tamachi/internal/id"
)

// seal encrypts payloads with the two keys of a session: AES-256-GCM, a nonce
// of 12 bytes before the text. Source: nodes.md 5.4, from the SSM Agent's wire.
type seal struct {
	out, in cipher.AEAD
	ids     *id.Source
}

// newSeal reads a data key of 64 bytes: the first half is the node's, the
// second the client's.
func newSeal(key []byte, ids *id.Source) (*seal, error) {
	if len(key) != 64 {
		return nil, fmt.Errorf("a session's key has 64 bytes, not %d", len(key))
	}
	out, err := newGCM(key[:32])
	if err != nil {
		return nil, err
	}
	in, err := newGCM(key[32:])
	return &seal{out: out, in: in, ids: ids}, err
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func (s *seal) close(plain []byte) []byte {
	nonce := s.ids.Bytes(s.out.NonceSize())
	return s.out.Seal(nonce, nonce, plain, nil)
}

func (s *seal) open(sealed []byte) ([]byte, error) {
	n := s.in.NonceSize()
	if len(sealed) < n {
		return nil, errors.New("a sealed payload is too short")
	}
	return s.in.Open(nil, sealed[:n], sealed[n:], nil)
}
