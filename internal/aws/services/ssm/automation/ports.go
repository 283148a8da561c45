package automation

import (
	"context"
	"encoding/json"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/alarm"
	"tamachi/internal/aws/services/ssm/reference"
	"tamachi/internal/store"
)

// Ports is what the room asks of its wing and of the house.
type Ports struct {
	Documents  Documents
	Nodes      Nodes
	Commands   Commands
	Parameters reference.Store
	Plane      Plane
	// Alarms knows the alarms that stop executions.
	Alarms alarm.States
	// Events takes what happens.
	Events Events
}

// Actor is in whose name an execution acts.
type Actor struct {
	Account, Region string
	Execution       string     // its ARN
	Role            string     // ARN of the role that it assumes; empty: the starter's own rights
	Caller          api.Caller // who started it
}

// Plane makes calls of the API.
type Plane interface {
	// Call makes a call whose operation and members have the names of the model;
	// request becomes its id. The error is what its caller would be answered.
	Call(ctx context.Context, who Actor, request, service, operation string, input json.RawMessage) (json.RawMessage, error)
	// Made finds out whether a call that changes something was made: found is
	// false when the trail has none with this id since a time. failure is what it
	// was answered with. Members that are secret are missing from output.
	Made(ctx context.Context, who Actor, request string, since time.Time) (output json.RawMessage, failure error, found bool, err error)
}

// Documents knows the documents.
type Documents interface {
	// Document finds a version by a name or an ARN; its errors are the API's.
	Document(tx *store.Tx, scope store.Scope, name string, version *string) (Document, error)
	// Check is the check of an action on the document that a name or ARN means.
	Check(ctx context.Context, action, name string) ([]api.Check, error)
}

// Document is a version of a document.
type Document struct {
	Name, Version string
	Type          string
	JSON          []byte
}

// Nodes finds managed nodes.
type Nodes interface {
	// CheckTargets refuses targets that cannot be read; the error's text is for
	// the caller.
	CheckTargets(targets []Target) error
	// Targets returns the ids of the nodes that fit all targets, in their order.
	Targets(tx *store.Tx, scope store.Scope, targets []Target) ([]string, error)
}

// Target says which resources are meant.
type Target struct {
	Key    string
	Values []string
}

// Commands knows how commands end.
type Commands interface {
	// Outcome is how a command stands; its errors are the API's.
	Outcome(tx *store.Tx, scope store.Scope, command string) (Outcome, error)
}

// Outcome is how a command stands.
type Outcome struct {
	Over            bool
	Status, Details string
	Code            int    // of the step that decided it
	Output          string // of its steps on its first node
	Failed          []string
}

// Events takes what happens over in the transaction that it tells of.
type Events interface {
	// Listening tells whether anything in a scope may want to know.
	Listening(tx *store.Tx, scope store.Scope) (bool, error)
	Emit(tx *store.Tx, scope store.Scope, o api.Occurrence) error
}
