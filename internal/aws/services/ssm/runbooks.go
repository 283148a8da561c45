package ssm

import (
	"context"
	"time"

	"tamachi/internal/aws/services/ssm/automation"
	"tamachi/internal/aws/services/ssm/documents"
	"tamachi/internal/aws/services/ssm/managednodes"
	"tamachi/internal/aws/services/ssm/runcommand"
	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// Automations is the room of Automation, for its engine.
func (s *Service) Automations() interface {
	Ripe(ctx context.Context) (list []nodes.Record, next time.Time, err error)
	Advance(ctx context.Context, p nodes.Record) error
} {
	return s.automations
}

// runbooks lets Automation find documents.
type runbooks struct{ *documents.Service }

var _ automation.Documents = runbooks{}

// Document finds a version of a document.
func (r runbooks) Document(tx *store.Tx, scope store.Scope, name string, version *string) (automation.Document, error) {
	d, err := r.Service.Document(tx, scope, name, version)
	return automation.Document{Name: d.Name, Version: d.Version, Type: d.Type, JSON: d.JSON}, err
}

// aims lets Automation find managed nodes.
type aims struct{ nodes *managednodes.Service }

var _ automation.Nodes = aims{}

// CheckTargets refuses targets that cannot be read.
func (aims) CheckTargets(targets []automation.Target) error {
	return managednodes.CheckTargets(aimed(targets))
}

// Targets returns the ids of the nodes that fit targets.
func (a aims) Targets(tx *store.Tx, scope store.Scope, targets []automation.Target) ([]string, error) {
	found, err := a.nodes.Targets(tx, scope, aimed(targets))
	out := make([]string, 0, len(found))
	for _, one := range found {
		out = append(out, one.ID)
	}
	return out, err
}

func aimed(targets []automation.Target) []managednodes.Target {
	out := make([]managednodes.Target, 0, len(targets))
	for _, t := range targets {
		out = append(out, managednodes.Target(t))
	}
	return out
}

// outcomes tells Automation how commands end.
type outcomes struct{ room *runcommand.Service }

var _ automation.Commands = outcomes{}

// Outcome is how a command stands.
func (o outcomes) Outcome(tx *store.Tx, scope store.Scope, command string) (automation.Outcome, error) {
	found, err := o.room.Outcome(tx, scope, command)
	return automation.Outcome(found), err
}
