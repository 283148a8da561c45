package statemanager

import (
	"context"
	"regexp"
	"slices"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

var reference = regexp.MustCompile(`\{\{\s*ssm:([A-Za-z0-9_.:/\-]+)\s*\}\}`)

// references are the parameters of Parameter Store that values refer to.
func references(given map[string][]string) []string {
	var out []string
	for _, list := range given {
		for _, v := range list {
			for _, m := range reference.FindAllStringSubmatch(v, -1) {
				out = append(out, m[1])
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// checkReferences wants that what values refer to is there, and no secret:
// associations are shown with what was filled in to their nodes.
func (s *Service) checkReferences(tx *store.Tx, scope store.Scope, given map[string][]string) error {
	for _, name := range references(given) {
		ok := s.ports.Parameters != nil
		var err error
		if ok {
			_, ok, err = s.ports.Parameters.Value(tx, scope, name)
		}
		if err != nil {
			return err
		}
		if !ok {
			return invalidParameters("The parameter {{ ssm:" + name + " }} does not exist in Parameter Store, or is a SecureString.")
		}
	}
	return nil
}

// onReferences are the checks on them: whoever makes an association must be
// allowed to read what it hands to nodes.
func (s *Service) onReferences(ctx context.Context, given map[string][]string) ([]api.Check, error) {
	var out []api.Check
	if s.ports.Parameters == nil {
		return nil, nil
	}
	for _, name := range references(given) {
		checks, err := s.ports.Parameters.Check(ctx, "ssm:GetParameters", name)
		if err != nil {
			return nil, err
		}
		out = append(out, checks...)
	}
	return out, nil
}

// filled are the parameters with the values of Parameter Store as they are
// now. A reference that has gone stays, and the node says so.
func (s *Service) filled(tx *store.Tx, scope store.Scope, given map[string][]string) (map[string][]string, error) {
	if s.ports.Parameters == nil || len(references(given)) == 0 {
		return given, nil
	}
	out := make(map[string][]string, len(given))
	for name, list := range given {
		for _, v := range list {
			var problem error
			v = reference.ReplaceAllStringFunc(v, func(found string) string {
				value, ok, err := s.ports.Parameters.Value(tx, scope, reference.FindStringSubmatch(found)[1])
				if err != nil {
					problem = err
				}
				if !ok {
					return found
				}
				return value
			})
			if problem != nil {
				return nil, problem
			}
			out[name] = append(out[name], v)
		}
	}
	return out, nil
}
