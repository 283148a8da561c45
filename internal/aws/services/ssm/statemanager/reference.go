package statemanager

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/reference"
	"tamachi/internal/store"
)

// checkReferences wants that what values refer to is there, and no secret:
// associations are shown with what was filled in to their nodes.
func (s *Service) checkReferences(tx *store.Tx, scope store.Scope, given map[string][]string) error {
	missing := reference.Names(given)
	if s.ports.Parameters != nil {
		var err error
		if _, missing, err = reference.Values(tx, scope, s.ports.Parameters, missing); err != nil {
			return err
		}
	}
	if len(missing) > 0 {
		return invalidParameters("The parameter {{ ssm:" + missing[0] + " }} does not exist in Parameter Store, or is a SecureString.")
	}
	return nil
}

// onReferences are the checks on them: whoever makes an association must be
// allowed to read what it hands to nodes.
func (s *Service) onReferences(ctx context.Context, given map[string][]string) ([]api.Check, error) {
	if s.ports.Parameters == nil {
		return nil, nil
	}
	return reference.Checks(ctx, s.ports.Parameters, reference.Names(given))
}

// filled are the parameters with the values of Parameter Store as they are
// now.
func (s *Service) filled(tx *store.Tx, scope store.Scope, given map[string][]string) (map[string][]string, error) {
	names := reference.Names(given)
	if s.ports.Parameters == nil || len(names) == 0 {
		return given, nil
	}
	values, _, err := reference.Values(tx, scope, s.ports.Parameters, names)
	if err != nil {
		return nil, err
	}
	return reference.FillGiven(given, values), nil
}
