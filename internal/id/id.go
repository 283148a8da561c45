// Package id makes identifiers. The source of randomness is passed in, so a
// test that seeds it prints the same ids on every run.
package id

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"io"
	mathrand "math/rand/v2"
	"strconv"
	"sync"
	"time"
)

// Source makes identifiers from a stream of random bytes. It is safe for
// concurrent use.
type Source struct {
	mu  sync.Mutex
	rnd io.Reader // guarded by mu
}

// Random returns the source that serves the plane: cryptographically random.
func Random() *Source { return &Source{rnd: rand.Reader} }

// Seeded returns a source that repeats itself, for tests only.
func Seeded(seed uint64) *Source {
	var key [32]byte
	for i := range 8 {
		key[i] = byte(seed >> (8 * i))
	}
	return &Source{rnd: mathrand.NewChaCha8(key)}
}

// Bytes returns n random bytes, fit for secrets when the source is Random.
func (s *Source) Bytes(n int) []byte {
	b := make([]byte, n)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := io.ReadFull(s.rnd, b); err != nil {
		panic("id: no randomness: " + err.Error())
	}
	return b
}

// Hex returns n lower-case hexadecimal digits, as in mi-0123456789abcdef0.
func (s *Source) Hex(n int) string {
	return hex.EncodeToString(s.Bytes((n + 1) / 2))[:n]
}

const (
	lower    = "0123456789abcdefghijklmnopqrstuvwxyz"
	upper    = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	alphanum = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
)

// Lower returns n lower-case letters and digits, as in ws-c8wvb67py.
func (s *Source) Lower(n int) string { return s.from(lower, n) }

// Upper returns n characters of the base32 alphabet, as in access key ids.
func (s *Source) Upper(n int) string { return s.from(upper, n) }

// Secret returns n characters of the base64 alphabet, as in secret access keys.
func (s *Source) Secret(n int) string { return s.from(alphanum, n) }

// Digits returns n decimal digits of which the first is not zero, as in
// account ids.
func (s *Source) Digits(n int) string {
	out := []byte(s.from("0123456789", n))
	if n > 0 && out[0] == '0' {
		out[0] = '1'
	}
	return string(out)
}

// UUID returns a version 4 UUID (RFC 9562).
func (s *Source) UUID() string {
	b := s.Bytes(16)
	b[6] = b[6]&0x0f | 0x40
	return uuid(b)
}

// TimeUUID returns a version 7 UUID (RFC 9562): it begins with t, to the
// millisecond, so that UUIDTime gives it back.
func (s *Source) TimeUUID(t time.Time) string {
	b := make([]byte, 8, 16)
	binary.BigEndian.PutUint64(b, uint64(t.UnixMilli())<<16)
	b = append(b[:6], s.Bytes(10)...)
	b[6] = b[6]&0x0f | 0x70
	return uuid(b)
}

// UUIDTime returns when a version 7 UUID says that it was made; ok is false for
// any other text.
func UUIDTime(uuid string) (t time.Time, ok bool) {
	if len(uuid) != 36 || uuid[8] != '-' || uuid[13] != '-' || uuid[14] != '7' {
		return time.Time{}, false
	}
	ms, err := strconv.ParseUint(uuid[:8]+uuid[9:13], 16, 64)
	if err != nil {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(ms)).UTC(), true
}

func uuid(b []byte) string {
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// from draws n characters without bias: bytes beyond the last whole multiple
// of the alphabet are thrown away.
func (s *Source) from(alphabet string, n int) string {
	limit := 256 - 256%len(alphabet)
	out := make([]byte, 0, n)
	for len(out) < n {
		for _, b := range s.Bytes(n - len(out)) {
			if int(b) < limit {
				out = append(out, alphabet[int(b)%len(alphabet)])
			}
		}
	}
	return string(out)
}
