package account

import "context"

// Visit is somebody for whom a plane runs a duty, at its console and not at a
// terminal: with the credentials that they called with, and no others.
type Visit struct {
	Account string // whose plans, requests and notes may be told of
	Hands   *Account
	Kept    string // the plan that the duty has made, for the visitor to apply
}

type visiting struct{}

// Within is the context of what is done for the visitor: Open opens their hands
// there, and a plan is kept and shown, not applied.
func (v *Visit) Within(ctx context.Context) context.Context {
	return context.WithValue(ctx, visiting{}, v)
}

// VisitIn is for whom something is done, nil for who runs the program.
func VisitIn(ctx context.Context) *Visit {
	v, _ := ctx.Value(visiting{}).(*Visit)
	return v
}
