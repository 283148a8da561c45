package gate

import (
	"strings"
	"sync"

	"tamachi/internal/policy"
)

// reading says as what a policy's text is read.
type reading int

const (
	ofSession reading = iota + 1
	ofResource
	ofTrust
)

type written struct {
	as   reading
	text string
}

// documents keeps compiled policies by their text: those of resources and
// sessions come with every call. Two generations are kept, so that the cache
// holds at most twice as many.
type documents struct {
	mu       sync.Mutex
	now, old map[written]*policy.Set // guarded by mu
}

const generation = 1024

// get compiles texts that hold together. One that cannot be read denies.
func (c *documents) get(as reading, texts ...string) *policy.Set {
	key := written{as, strings.Join(texts, "\x00")} // no policy holds it
	c.mu.Lock()
	s := c.now[key]
	if s == nil {
		s = c.old[key]
	}
	c.mu.Unlock()
	if s != nil {
		return s
	}
	s = compile(as, texts)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now == nil || len(c.now) >= generation {
		c.old, c.now = c.now, make(map[written]*policy.Set)
	}
	c.now[key] = s
	return s
}

func compile(as reading, texts []string) *policy.Set {
	parse, kind := policy.Parse, "session"
	switch as {
	case ofSession:
	case ofResource:
		parse, kind = policy.ParseResource, "resource"
	case ofTrust:
		parse, kind = policy.ParseTrust, "trust"
	}
	all := make([]policy.Policy, len(texts))
	for i, text := range texts {
		d, err := parse(text)
		if err != nil { // it was refused when it was made; never widen it
			d = policy.Unreadable(text, "it cannot be read")
		}
		all[i] = policy.Policy{Kind: kind, Document: d}
	}
	return policy.NewSet(all...)
}
