package api

import "context"

// Answer is where an operation says what it will answer before its change
// commits.
type Answer struct{ Out any }

type answerKey struct{}

// WithAnswer returns a context under which WillAnswer fills a. Only the gate
// uses it.
func WithAnswer(ctx context.Context, a *Answer) context.Context {
	return context.WithValue(ctx, answerKey{}, a)
}

// WillAnswer says inside the function of a store.Update what the operation
// returns when that commits: the very pointer, not changed any more. The trail
// record of the call then commits with its responseElements; without, they
// follow in an update of their own. It is worth its line in operations that are
// called often.
func WillAnswer(ctx context.Context, out any) {
	if a, ok := ctx.Value(answerKey{}).(*Answer); ok {
		a.Out = out
	}
}

// Optional is a member of an answer that is left out when it is empty.
func Optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
