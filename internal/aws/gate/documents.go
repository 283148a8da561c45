package gate

import (
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
	now, old map[written]*policy.Document // guarded by mu
}

const generation = 1024

func (c *documents) get(as reading, text string) (*policy.Document, error) {
	key := written{as, text}
	c.mu.Lock()
	d := c.now[key]
	if d == nil {
		d = c.old[key]
	}
	c.mu.Unlock()
	if d != nil {
		return d, nil
	}
	parse := map[reading]func(string) (*policy.Document, error){
		ofSession: policy.Parse, ofResource: policy.ParseResource, ofTrust: policy.ParseTrust,
	}[as]
	d, err := parse(text)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now == nil || len(c.now) >= generation {
		c.old, c.now = c.now, make(map[written]*policy.Document)
	}
	c.now[key] = d
	return d, nil
}
