package eventbridge

import (
	"context"
	"errors"
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
}

// Ports is what the room asks of the house.
type Ports struct {
	Targets Targets
}
