package gateway

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tamachi/internal/nodes"
)

const (
	// pollFor is how long a poll waits: the SSM Agent gives up after 20 s.
	pollFor = 18 * time.Second
	// pollsEvery is how long after its last poll a node still counts as there.
	pollsEvery = 40 * time.Second
	// mailed is how many jobs may wait for a node between two polls.
	mailed = 16
)

// mailbox is what waits for a node that polls. It is guarded by Gateway.mu.
type mailbox struct {
	jobs   []nodes.Job
	polled time.Time     // when the node last asked, or a poll of it ended
	asking int           // polls under way
	bell   chan struct{} // closed when there are jobs
}

// post leaves a job for a node that polls; false when it does not, or its box
// is full. A job that waits already is left once.
func (g *Gateway) post(node string, job nodes.Job) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	box := g.mail[node]
	if !g.polls(box) {
		return false
	}
	if slices.ContainsFunc(box.jobs, func(j nodes.Job) bool { return j.ID == job.ID }) {
		return true
	}
	if len(box.jobs) == mailed {
		return false
	}
	box.jobs = append(box.jobs, job)
	box.ring()
	return true
}

func (b *mailbox) ring() {
	select {
	case <-b.bell:
	default:
		close(b.bell)
	}
}

// polls tells whether the owner of a box is there; the caller holds mu.
func (g *Gateway) polls(b *mailbox) bool {
	return b != nil && (b.asking > 0 || g.clock.Now().Sub(b.polled) < pollsEvery)
}

// Poll waits for jobs of a node that has no control channel, or has just
// started, for 18 seconds at most.
func (g *Gateway) Poll(ctx context.Context, node string) ([]nodes.Job, error) {
	box, came := g.visit(node)
	defer g.part(node, box)
	if came && !g.hasChannel(node) {
		if err := g.reports.Connected(ctx, node); err != nil {
			return nil, fmt.Errorf("note the poll: %w", err)
		}
	}
	late := time.NewTimer(pollFor)
	defer late.Stop()
	g.mu.Lock()
	bell := box.bell
	g.mu.Unlock()
	select {
	case <-bell:
	case <-late.C:
	case <-g.ended:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	jobs := box.jobs
	box.jobs, box.bell = nil, make(chan struct{})
	return jobs, nil
}

// visit opens a node's box; came tells that it was away.
func (g *Gateway) visit(node string) (box *mailbox, came bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.clock.Now()
	box = g.mail[node]
	if came = !g.polls(box); came {
		for other, b := range g.mail { // those of nodes that went away
			if !g.polls(b) {
				delete(g.mail, other)
			}
		}
		box = &mailbox{bell: make(chan struct{})}
		g.mail[node] = box
	}
	box.polled = now
	box.asking++
	return box, came
}

func (g *Gateway) part(node string, box *mailbox) {
	g.mu.Lock()
	defer g.mu.Unlock()
	box.asking--
	box.polled = g.clock.Now()
	if g.mail[node] != box {
		box.polled = time.Time{} // it was deregistered meanwhile
	}
}

// Forget drops a job that waits for a node's poll.
func (g *Gateway) Forget(node, job string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if box := g.mail[node]; box != nil {
		box.jobs = slices.DeleteFunc(box.jobs, func(j nodes.Job) bool { return j.ID == job })
	}
}

// Acknowledge passes on whether a node that polls took a job.
func (g *Gateway) Acknowledge(ctx context.Context, node, job string, status nodes.AckStatus) error {
	if err := owns(node, job); err != nil {
		return err
	}
	g.Forget(node, job)
	return g.reports.JobAcknowledged(ctx, node, job, status)
}

// Reply passes on what a node that polls says of a job.
func (g *Gateway) Reply(ctx context.Context, node, job string, content []byte) error {
	if err := owns(node, job); err != nil {
		return err
	}
	reply, err := readContent(job, content)
	if err != nil {
		return errors.Join(nodes.ErrMalformed, err)
	}
	return g.reports.JobReplied(ctx, node, reply)
}

// Close ends the polls that wait.
func (g *Gateway) Close() { g.closing.Do(func() { close(g.ended) }) }
