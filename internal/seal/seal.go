package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
)

const (
	keyBytes   = 32
	nonceBytes = 12
	tagBytes   = 16
	idBytes    = 8
	format     = 1 // first byte of a sealed value
	headBytes  = 1 + idBytes + nonceBytes
)

// ErrSealed reports a value that does not open: damaged, sealed for another
// purpose, or by a ring that is not this one.
var ErrSealed = errors.New("a sealed value does not open")

// Box seals and opens. It is safe for concurrent use.
type Box struct {
	files *files // nil: in memory, gone with the process

	mu   sync.RWMutex
	ring ring // guarded by mu
}

// ring is the data keys, the newest last.
type ring []generation

type generation struct {
	ID  string // 16 hexadecimal digits
	key []byte
}

// Memory returns a box that nobody can open after the process has ended.
func Memory() *Box { return &Box{ring: ring{newGeneration()}} }

func newGeneration() generation {
	return generation{ID: hex.EncodeToString(random(idBytes)), key: random(keyBytes)}
}

// random is fresh key material; crypto/rand never fails (Go 1.24).
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

// Seal returns the sealed form of a secret. Only the same purpose opens it.
func (b *Box) Seal(purpose string, secret []byte) ([]byte, error) {
	b.mu.RLock()
	g := b.ring[len(b.ring)-1]
	b.mu.RUnlock()
	id, err := hex.DecodeString(g.ID)
	if err != nil {
		return nil, fmt.Errorf("seal: generation %s: %w", g.ID, err)
	}
	aead, err := gcm(g.key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	out := make([]byte, 0, headBytes+len(secret)+tagBytes)
	out = append(append(out, format), id...)
	nonce := random(nonceBytes)
	out = append(out, nonce...)
	return aead.Seal(out, nonce, secret, bound(purpose, out[:1+idBytes])), nil
}

// Open returns the secret of a sealed value, or ErrSealed.
func (b *Box) Open(purpose string, sealed []byte) ([]byte, error) {
	id, ok := Generation(sealed)
	if !ok {
		return nil, ErrSealed
	}
	b.mu.RLock()
	at := slices.IndexFunc(b.ring, func(g generation) bool { return g.ID == id })
	var key []byte
	if at >= 0 {
		key = b.ring[at].key
	}
	b.mu.RUnlock()
	if key == nil {
		return nil, fmt.Errorf("%w: its data key %s is not in the ring", ErrSealed, id)
	}
	aead, err := gcm(key)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	secret, err := aead.Open(nil, sealed[1+idBytes:headBytes], sealed[headBytes:], bound(purpose, sealed[:1+idBytes]))
	if err != nil {
		return nil, ErrSealed
	}
	return secret, nil
}

// Generation names the data key that sealed a value; ok is false when the
// value has not the form of a sealed one.
func Generation(sealed []byte) (id string, ok bool) {
	if len(sealed) < headBytes+tagBytes || sealed[0] != format {
		return "", false
	}
	return hex.EncodeToString(sealed[1 : 1+idBytes]), true
}

// Old lists the data keys that seal nothing more: what they sealed is to be
// sealed anew, and then Forget ends them.
func (b *Box) Old() []string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var ids []string
	for _, g := range b.ring[:len(b.ring)-1] {
		ids = append(ids, g.ID)
	}
	return ids
}

// Forget removes all data keys but the newest. What they sealed is lost.
func (b *Box) Forget() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.ring) == 1 {
		return nil
	}
	rest := slices.Clone(b.ring[len(b.ring)-1:])
	if b.files != nil {
		if err := b.files.write(rest, b.files.master); err != nil {
			return err
		}
	}
	b.ring = rest
	return nil
}

// bound is the additional data of a sealed value: what it is for, and its head.
func bound(purpose string, head []byte) []byte {
	return slices.Concat([]byte("tamachi seal\x00"), head, []byte(purpose))
}

func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
