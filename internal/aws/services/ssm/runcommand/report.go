package runcommand

import (
	"context"

	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// word is what a node said of a job, on its way into the store.
type word struct {
	node, job string
	move      func(*invocation)
	done      chan struct{} // closed when err is final
	err       error
}

// mostWords bounds how many words share a transaction, so that none waits long.
const mostWords = 256

// JobAcknowledged notes whether a node took a job. Words about jobs that are
// not known are let be.
func (s *Service) JobAcknowledged(ctx context.Context, node, job string, status nodes.AckStatus) error {
	now := s.clk.Now()
	return s.say(ctx, node, job, func(i *invocation) {
		if status == nodes.AckAccepted || status == nodes.AckDuplicate {
			if i.Accepted.IsZero() { // the second word of it changes nothing
				i.accept(now)
			}
			return
		}
		i.refuse(status)
	})
}

// JobReplied notes what a node says of a job.
func (s *Service) JobReplied(ctx context.Context, node string, reply nodes.Reply) error {
	now := s.clk.Now()
	return s.say(ctx, node, reply.JobID, func(i *invocation) { i.report(reply, now) })
}

// say returns when a word is in the store. Of the words that wait one leads,
// and takes all others along: a fleet that answers at once costs few commits,
// and each command's counts are written once a commit.
func (s *Service) say(ctx context.Context, node, job string, move func(*invocation)) error {
	if _, ok := commandOf(node, job); !ok {
		return nil
	}
	w := &word{node: node, job: job, move: move, done: make(chan struct{})}
	s.mu.Lock()
	s.words = append(s.words, w)
	s.mu.Unlock()
	for {
		select {
		case <-w.done:
			return w.err
		case s.turn <- struct{}{}:
			s.write(context.WithoutCancel(ctx), s.take())
			<-s.turn
		}
	}
}

// take returns the words that are to be written next.
func (s *Service) take() []*word {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := min(len(s.words), mostWords)
	taken := s.words[:n:n]
	s.words = s.words[n:]
	return taken
}

// write stores words; one that cannot be stored does not spoil the others.
func (s *Service) write(ctx context.Context, words []*word) {
	if len(words) == 0 {
		return
	}
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		l := s.ledger(tx)
		for _, w := range words {
			if err := l.change(w.node, w.job, w.move); err != nil {
				return err
			}
		}
		return l.close()
	})
	if err != nil && len(words) > 1 {
		for i := range words {
			s.write(ctx, words[i:i+1])
		}
		return
	}
	for _, w := range words {
		w.err = err
		close(w.done)
	}
}
