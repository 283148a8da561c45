package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"sync"
)

// derivation names a signing key: it changes every day, so a cache of them
// must forget.
type derivation struct{ secret, day, region, service string }

// generation is the size at which the cache of derived keys begins anew. Two
// generations are kept, so the cache holds at most twice as many.
const generation = 2048

// derived caches signing keys: deriving one costs four HMACs.
type derived struct {
	mu       sync.Mutex
	now, old map[derivation][]byte // guarded by mu
}

// find returns a cached key, or derives it without keeping it: only a key that
// verified a signature is kept, so strangers cannot push out the real ones.
func (d *derived) find(id derivation) (key []byte, cached bool) {
	d.mu.Lock()
	key, cached = d.now[id]
	if !cached {
		key, cached = d.old[id]
	}
	d.mu.Unlock()
	if cached {
		return key, true
	}
	key = mac([]byte("AWS4"+id.secret), id.day)
	key = mac(key, id.region)
	key = mac(key, id.service)
	return mac(key, terminator), false
}

func (d *derived) keep(id derivation, key []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.now == nil || len(d.now) >= generation {
		d.old, d.now = d.now, make(map[derivation][]byte)
	}
	d.now[id] = key
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
