package parameterstore

import (
	"context"
	"errors"
	"maps"
	"strings"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Tags returns the tags of the parameter that an id means, a name or an ARN,
// and its ARN; store.ErrNotFound when there is none.
func (s *Service) Tags(tx *store.Tx, scope store.Scope, id string) (tags map[string]string, arn string, err error) {
	r := resolve(scope, id)
	if r.selector != "" {
		return nil, r.arn, store.ErrNotFound
	}
	p, err := r.get(tx, scope)
	if err != nil {
		return nil, r.arn, err
	}
	return p.Tags, r.arn, nil
}

// SetTags replaces the tags of the parameter that an id means.
func (s *Service) SetTags(tx *store.Tx, scope store.Scope, id string, tags map[string]string) error {
	p, err := resolve(scope, id).get(tx, scope)
	if err != nil {
		return err
	}
	p.Tags = maps.Clone(tags)
	return parameters.Put(tx, scope, p)
}

// ID is what an ARN names in this room; ok tells whether it is one of a
// parameter.
func (s *Service) ID(a arn.ARN) (id string, ok bool) {
	return a.String(), a.Service == "ssm" && strings.HasPrefix(a.Resource, "parameter/")
}

// Tagged lists the parameters of an account in a Region with their tags.
func (s *Service) Tagged(ctx context.Context, account, region string) ([]api.Tagged, error) {
	scope := store.In(account, region)
	var out []api.Tagged
	err := s.st.View(ctx, func(tx *store.Tx) error {
		out = nil
		return walk(tx, scope, span{}, "", func(p *parameter) (bool, error) {
			out = append(out, api.Tagged{ARN: arnOf(scope, p.Name), Type: "ssm:parameter", Tags: p.Tags})
			return true, nil
		})
	})
	return out, err
}

// Value returns the latest text of a parameter for a document that refers to
// it ({{ssm:name}}); ok is false when there is none or it is a secret.
func (s *Service) Value(tx *store.Tx, scope store.Scope, written string) (value string, ok bool, err error) {
	v, err := resolve(scope, written).version(tx, scope, written)
	if unknown(err) || errors.Is(err, store.ErrNotFound) {
		return "", false, nil
	}
	if err != nil || v.Type == typeSecure {
		return "", false, err
	}
	return v.Value, true, nil
}
