package account

import (
	"cmp"
	"slices"
	"sync"
)

// Notebook is where readers that go side by side write facts down, and what
// could not be answered.
type Notebook[F any] struct {
	Facts      *F         // while readers run: by Note only, or what is there already
	Unanswered []*Problem // in the order of actions, each action once
	mu         sync.Mutex
}

// Note changes the facts, one reader at a time.
func (n *Notebook[F]) Note(f func(*F)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	f(n.Facts)
}

// Missed notes a question that could not be answered. It returns the errors that
// end the whole look: those of the caller's side.
func (n *Notebook[F]) Missed(err error) error {
	p := Explain("", err)
	if p.Ends() {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if slices.ContainsFunc(n.Unanswered, func(u *Problem) bool { return u.Action == p.Action && u.Kind == p.Kind }) {
		return nil
	}
	n.Unanswered = append(n.Unanswered, p)
	slices.SortStableFunc(n.Unanswered, func(a, b *Problem) int { return cmp.Compare(a.Action, b.Action) })
	return nil
}
