package kms

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
)

// A symmetric ciphertext is: one byte version, 32 bytes id of the material, 16
// bytes salt, 12 bytes nonce, the ciphertext of AES-256-GCM and its tag.
const (
	blobVersion = 1
	saltBytes   = 16
	nonceBytes  = 12
	tagBytes    = 16
	headBytes   = 1 + materialIDBytes
	blobBytes   = headBytes + saltBytes + nonceBytes + tagBytes // around the plaintext
)

// blob is a symmetric ciphertext, taken apart.
type blob struct {
	head     []byte // version and material
	material string
	salt     []byte
	nonce    []byte
	body     []byte // with tag
}

// parseBlob takes a ciphertext apart; ok is false for what is none of ours.
func parseBlob(b []byte) (p blob, ok bool) {
	if len(b) < blobBytes || b[0] != blobVersion {
		return p, false
	}
	p.head, b = b[:headBytes], b[headBytes:]
	p.material = hex.EncodeToString(p.head[1:])
	p.salt, b = b[:saltBytes], b[saltBytes:]
	p.nonce, p.body = b[:nonceBytes], b[nonceBytes:]
	return p, true
}

// encrypt makes a ciphertext under a material, bound to the context.
func encrypt(secret []byte, material string, plain []byte, context map[string]string) ([]byte, error) {
	id, err := hex.DecodeString(material)
	if err != nil || len(id) != materialIDBytes {
		return nil, fmt.Errorf("encrypt: material id %q", material)
	}
	out := make([]byte, 0, blobBytes+len(plain))
	out = append(append(out, blobVersion), id...)
	fresh := make([]byte, saltBytes+nonceBytes)
	_, _ = rand.Read(fresh) // never fails (Go 1.24)
	out = append(out, fresh...)
	aead, err := messageKey(secret, fresh[:saltBytes])
	if err != nil {
		return nil, err
	}
	return aead.Seal(out, fresh[saltBytes:], plain, bound(out[:headBytes], context)), nil
}

// decrypt opens a ciphertext; ok is false when it is damaged or the context is
// another.
func decrypt(secret []byte, b blob, context map[string]string) (plain []byte, ok bool, err error) {
	aead, err := messageKey(secret, b.salt)
	if err != nil {
		return nil, false, err
	}
	plain, err = aead.Open(nil, b.nonce, b.body, bound(b.head, context))
	return plain, err == nil, nil
}

// messageKey derives the key of one message, so that no number of messages
// wears the material out (NIST SP 800-38D, section 8.3).
func messageKey(secret, salt []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, secret, salt, "tamachi kms message", 32)
	if err != nil {
		return nil, fmt.Errorf("derive a message key: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// bound is the additional data of a message: the head, and the pairs of the
// context in the order of their keys, each with its length, so that no two
// contexts are written alike.
func bound(head []byte, context map[string]string) []byte {
	out := slices.Clone(head)
	for _, k := range slices.Sorted(maps.Keys(context)) {
		for _, s := range []string{k, context[k]} {
			out = binary.BigEndian.AppendUint32(out, uint32(len(s)))
			out = append(out, s...)
		}
	}
	return out
}
