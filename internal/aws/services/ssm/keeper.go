package ssm

import (
	"context"
	"errors"
	"strings"
	"time"

	"tamachi/internal/aws/services/ssm/changecalendar"
	"tamachi/internal/aws/services/ssm/documents"
	"tamachi/internal/aws/services/ssm/managednodes"
	"tamachi/internal/aws/services/ssm/runcommand"
	"tamachi/internal/aws/services/ssm/statemanager"
	"tamachi/internal/clock"
	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// The names under which the feed tells of associations and of nodes that are to
// look at theirs.
const (
	AssociationsTable = statemanager.Table
	NudgesTable       = statemanager.NudgesTable
)

// Associations is the room of associations, for its engine.
func (s *Service) Associations() interface {
	Begin(ctx context.Context) (all []nodes.Record, nudged []nodes.Order, after store.Cursor, err error)
	Match(ctx context.Context, account, region, id string) (more bool, err error)
	MatchNode(ctx context.Context, account, region, node string) error
	Face(ctx context.Context, account, region, node string) (string, error)
	Nudge(ctx context.Context, account, region, node string) (nodes.Order, error)
	Due(ctx context.Context) (next time.Time, err error)
} {
	return s.associations
}

// bound lets State Manager find managed nodes.
type bound struct{ nodes *managednodes.Service }

var _ statemanager.Nodes = bound{}

// CheckTargets refuses targets that cannot be read.
func (bound) CheckTargets(targets []statemanager.Target) error {
	err := managednodes.CheckTargets(meant(targets))
	if err == nil {
		return nil
	}
	return errors.New(strings.TrimSuffix(err.Error(), ": "+managednodes.ErrTarget.Error()))
}

// Targets finds the nodes that fit targets.
func (b bound) Targets(tx *store.Tx, scope store.Scope, targets []statemanager.Target) ([]statemanager.Node, error) {
	found, err := b.nodes.Targets(tx, scope, meant(targets))
	out := make([]statemanager.Node, 0, len(found))
	for _, one := range found {
		out = append(out, boundNode(one))
	}
	return out, err
}

// Resolve finds the node that an id means.
func (b bound) Resolve(tx *store.Tx, scope store.Scope, id string) (statemanager.Node, bool, error) {
	found, err := b.nodes.Resolve(tx, scope, id)
	if errors.Is(err, managednodes.ErrUnknownNode) {
		return statemanager.Node{}, false, nil
	}
	return boundNode(found), err == nil, err
}

func boundNode(n managednodes.Node) statemanager.Node {
	return statemanager.Node{ID: n.ID, Workspace: n.WorkspaceID, Platform: n.PlatformType, Tags: n.Tags}
}

func meant(targets []statemanager.Target) []managednodes.Target {
	out := make([]managednodes.Target, 0, len(targets))
	for _, t := range targets {
		out = append(out, managednodes.Target(t))
	}
	return out
}

// stock lets State Manager find documents.
type stock struct{ *documents.Service }

var _ statemanager.Documents = stock{}

// Document finds a version of a document.
func (s stock) Document(tx *store.Tx, scope store.Scope, name, version string) (statemanager.Document, error) {
	var wanted *string
	if version != "" {
		wanted = &version
	}
	d, err := s.Service.Document(tx, scope, name, wanted)
	if err != nil {
		return statemanager.Document{}, err
	}
	platforms, err := s.Platforms(tx, scope, name, wanted)
	return statemanager.Document{
		Name: d.Name, Version: d.Version, Type: d.Type, Schema: d.Schema, JSON: d.JSON, Sha256: d.Sha256, Platforms: platforms,
	}, err
}

// today lets State Manager ask calendars of now.
type today struct {
	calendars *changecalendar.Service
	clk       clock.Clock
}

var _ statemanager.Calendars = today{}

// Open tells whether a calendar is open now.
func (t today) Open(tx *store.Tx, scope store.Scope, calendar string) (bool, error) {
	return t.calendars.Open(tx, scope, calendar, t.clk.Now())
}

// CheckParameters holds given parameters against a document.
func (stock) CheckParameters(d statemanager.Document, given map[string][]string) error {
	return runcommand.CheckParameters(d.Name, d.JSON, given)
}
