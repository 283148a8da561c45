package statemanager

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/alarm"
	"tamachi/internal/store"
)

// Ports is what the room asks of its wing.
type Ports struct {
	Nodes     Nodes
	Documents Documents
	// Parameters is nil where there is no Parameter Store.
	Parameters Parameters
	// Calendars is nil where there are none; then CalendarNames is refused.
	Calendars Calendars
	// Alarms knows the alarms that stop rounds; nil where there are none.
	Alarms alarm.States
}

// Target says which nodes are meant.
type Target struct {
	Key    string
	Values []string
}

// Node is a managed node as this room needs it.
type Node struct {
	ID        string
	Workspace string // whose desktop it is, or ""
	Platform  string // Linux, ...; "" until it has reported
	Tags      map[string]string
}

// Nodes finds managed nodes.
type Nodes interface {
	// CheckTargets refuses targets that cannot be read; the error's text is
	// for the caller.
	CheckTargets(targets []Target) error
	// Targets returns the nodes that fit all targets, in the order of their ids.
	Targets(tx *store.Tx, scope store.Scope, targets []Target) ([]Node, error)
	// Resolve finds the node that an instance id means; ok is false when there
	// is none.
	Resolve(tx *store.Tx, scope store.Scope, id string) (n Node, ok bool, err error)
}

// Documents knows documents.
type Documents interface {
	// Document finds a version by a name or an ARN; its errors are the API's.
	Document(tx *store.Tx, scope store.Scope, name, version string) (Document, error)
	// CheckParameters holds given parameters against a document; its errors
	// are the API's.
	CheckParameters(d Document, given map[string][]string) error
	// Check is the check of an action on the document that a name or ARN means.
	Check(ctx context.Context, action, name string) ([]api.Check, error)
}

// Document is a version of a document.
type Document struct {
	Name, Version string
	Type, Schema  string
	JSON          []byte
	Sha256        string
	Platforms     []string
}

// Calendars knows Change Calendars.
type Calendars interface {
	// Open tells whether a calendar is open now; its errors are the API's.
	Open(tx *store.Tx, scope store.Scope, calendar string) (bool, error)
}

// Parameters knows the values of Parameter Store.
type Parameters interface {
	// Value is a parameter's text; ok is false when there is none, or when it
	// is a secret.
	Value(tx *store.Tx, scope store.Scope, name string) (value string, ok bool, err error)
	// Check is the check of an action on a parameter.
	Check(ctx context.Context, action, name string) ([]api.Check, error)
}
