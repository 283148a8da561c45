package eventbridge

import (
	"context"
	"errors"
	"time"

	"tamachi/internal/aws/api"
)

// Delivery is what a target gets of an event.
type Delivery struct {
	Account, Region string
	Rule            string // its ARN
	Target          string // its ARN
	Role            string // the target's, or the rule's; may be empty
	Input           string // what the target gets: JSON
	Nodes           []Nodes
	ID              string // of the event
}

// Nodes is whom a command is for.
type Nodes struct {
	Key    string
	Values []string
}

// ErrForGood reports a target that will not take the event, however often it is
// asked: it does not exist, or the right is missing. It is wrapped with why.
var ErrForGood = errors.New("the target does not take events")

// Targets hands events to targets.
type Targets interface {
	Deliver(ctx context.Context, d Delivery) error
	// May tells whether the role of a delivery may do what its target, which is
	// the room's own, asks for; ErrForGood when not.
	May(ctx context.Context, d Delivery, c api.Check) error
}

// Web sends requests to endpoints outside.
type Web interface {
	// Do returns the status of the answer, and the beginning of its body. What
	// takes longer than a time is an error; an endpoint that is none for events
	// is ErrForGood.
	Do(ctx context.Context, method, to string, header map[string]string, body []byte, most time.Duration) (status int, answer []byte, err error)
}

// Box seals what connections prove themselves by; seal.Box does.
type Box interface {
	Seal(purpose string, secret []byte) ([]byte, error)
	Open(purpose string, sealed []byte) ([]byte, error)
	Old() []string
}

// Ports is what the room asks of the house.
type Ports struct {
	Targets Targets
	Web     Web
	Box     Box
}
