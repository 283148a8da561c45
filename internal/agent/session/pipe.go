package session

import (
	"context"
	"errors"
	"io"
	"sync"
)

// pipe is the line of a multiplexer: what it writes leaves in messages as large
// as there is to send, what the client sends it reads.
type pipe struct {
	t  *talk
	in *io.PipeReader
	to *io.PipeWriter

	mu     sync.Mutex
	moved  sync.Cond // of mu
	out    []byte    // guarded by mu; to be sent
	closed bool      // guarded by mu
}

var _ io.ReadWriteCloser = (*pipe)(nil)

func newPipe(t *talk) *pipe {
	p := &pipe{t: t}
	p.in, p.to = io.Pipe()
	p.moved.L = &p.mu
	return p
}

// Read reads what the client sent.
func (p *pipe) Read(b []byte) (int, error) { return p.in.Read(b) }

// Write takes what is to be sent. It waits while much is.
func (p *pipe) Write(b []byte) (int, error) { return p.WriteBuffers([][]byte{b}) }

// WriteBuffers is Write for the multiplexer, which has a frame's header and its
// data apart.
func (p *pipe) WriteBuffers(parts [][]byte) (int, error) {
	n := 0
	for _, b := range parts {
		n += len(b)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.out) > 0 && len(p.out)+n > batch && !p.closed {
		p.moved.Wait()
	}
	if p.closed {
		return 0, io.ErrClosedPipe
	}
	if p.out == nil {
		p.out = p.t.buffer()
	}
	for _, b := range parts {
		p.out = append(p.out, b...)
	}
	p.moved.Broadcast()
	return n, nil
}

// Close ends both directions.
func (p *pipe) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.moved.Broadcast()
	return errors.Join(p.in.Close(), p.to.Close())
}

// fill hands the client's data to Read, until the client or the session ends.
func (p *pipe) fill(ctx context.Context) error {
	for {
		kind, payload, err := p.t.hear(ctx)
		switch {
		case err != nil:
			return err
		case kind == kindFlag && flagOf(payload) == flagTerminate:
			return errClient
		case kind == kindOutput:
			if _, err := p.to.Write(payload); err != nil {
				return err
			}
		}
	}
}

// flush sends what was written.
func (p *pipe) flush(ctx context.Context) error {
	for {
		b := p.next()
		if b == nil {
			return io.ErrClosedPipe
		}
		if err := p.t.say(ctx, kindOutput, b); err != nil {
			return err
		}
	}
}

// next waits for something to send; nil is the end.
func (p *pipe) next() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.out) == 0 && !p.closed {
		p.moved.Wait()
	}
	if p.closed {
		return nil
	}
	b := p.out
	p.out = nil
	p.moved.Broadcast()
	return b
}
