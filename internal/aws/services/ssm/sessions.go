package ssm

import (
	"context"
	"errors"

	"tamachi/internal/aws/services/ssm/documents"
	"tamachi/internal/aws/services/ssm/managednodes"
	"tamachi/internal/aws/services/ssm/sessionmanager"
	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

var _ nodes.SessionReports = (*Service)(nil)

// Session finds a session that is not over; nodes.ErrNoSession if there is none.
func (s *Service) Session(ctx context.Context, id string) (nodes.Session, error) {
	return s.sessions.Session(ctx, id)
}

// SessionMoved notes that a session's sides have come or gone.
func (s *Service) SessionMoved(ctx context.Context, id string, state nodes.SessionState) error {
	return s.sessions.SessionMoved(ctx, id, state)
}

// SessionEnded notes how a session of a node ended.
func (s *Service) SessionEnded(ctx context.Context, node string, end nodes.SessionEnd) error {
	return s.sessions.SessionEnded(ctx, node, end)
}

// hosts lets Session Manager find managed nodes.
type hosts struct{ nodes *managednodes.Service }

var _ sessionmanager.Nodes = hosts{}

func (h hosts) Resolve(tx *store.Tx, scope store.Scope, id string) (sessionmanager.Node, bool, error) {
	found, err := h.nodes.Resolve(tx, scope, id)
	if errors.Is(err, managednodes.ErrUnknownNode) {
		return sessionmanager.Node{}, false, nil
	}
	return sessionmanager.Node{ID: found.ID, Name: found.Name, Tags: found.Tags}, err == nil, err
}

// stacks lets Session Manager find documents.
type stacks struct{ *documents.Service }

var _ sessionmanager.Documents = stacks{}

func (s stacks) Document(tx *store.Tx, scope store.Scope, name string, version *string) (sessionmanager.Document, error) {
	d, err := s.Service.Document(tx, scope, name, version)
	return sessionmanager.Document{Name: d.Name, Type: d.Type, JSON: d.JSON}, err
}
