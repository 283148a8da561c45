package statemanager

import (
	"tamachi/internal/aws/services/ssm/reference"
	"tamachi/internal/store"
)

// filled are the parameters with the values of Parameter Store as they are
// now. What is not there any more stays, and the node says so.
func (s *Service) filled(tx *store.Tx, scope store.Scope, given map[string][]string) (map[string][]string, error) {
	names := reference.Names(given)
	if len(names) == 0 {
		return given, nil
	}
	values, _, err := reference.Values(tx, scope, s.ports.Parameters, names)
	if err != nil {
		return nil, err
	}
	return reference.FillGiven(given, values), nil
}
