package statemanager

import (
	"context"
	"slices"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/reference"
	"tamachi/internal/store"
)

// onAssociation is the check of an action on an association.
func (s *Service) onAssociation(ctx context.Context, action, id string) ([]api.Check, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	c := api.Check{Action: action, Resource: associationARN(scope, id)}
	err := s.st.View(ctx, func(tx *store.Tx) error {
		a, err := associations.Get(tx, scope, id)
		if missing(err) {
			return nil // the check is on its name alone
		}
		if err != nil {
			return err
		}
		c.Tags = a.Tags
		return nil
	})
	return []api.Check{c}, err
}

// onNamed is the check of an action on what a request names by an id, or by a
// document and a node.
func (s *Service) onNamed(ctx context.Context, action string, id, document, instance *string) ([]api.Check, error) {
	if str(id) != "" || document == nil {
		return s.onAssociation(ctx, action, str(id))
	}
	checks, err := s.ports.Documents.Check(ctx, action, *document)
	if instance != nil {
		checks = append(checks, onInstance(ctx, action, *instance))
	}
	return checks, err
}

// onWhole is the check of an action that writes an association: on its
// document, on the nodes that it names, and on the parameters that it reads.
func (s *Service) onWhole(ctx context.Context, action string, r *request) ([]api.Check, error) {
	checks, err := s.ports.Documents.Check(ctx, action, r.Document)
	if err != nil {
		return nil, err
	}
	var named []string
	if r.instance != "" {
		named = append(named, r.instance)
	}
	for _, t := range r.Targets {
		if isIDs(t.Key) {
			named = append(named, t.Values...)
		}
	}
	slices.Sort(named)
	for _, id := range slices.Compact(named) {
		checks = append(checks, onInstance(ctx, action, id))
	}
	referred, err := reference.Checks(ctx, s.ports.Parameters, reference.Names(r.Parameters))
	return append(checks, referred...), err
}

func onInstance(ctx context.Context, action, id string) api.Check {
	call := api.CallFrom(ctx)
	return api.Check{Action: action, Resource: arn.New("ssm", call.Region, call.Account, "managed-instance/"+id).String()}
}
