package parameterstore

import (
	"context"
	"errors"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// maxTags is how many tags a parameter may have.
const maxTags = 50

// readTags reads the tags of a request.
func readTags(given []types.Tag) (map[string]string, error) {
	if len(given) == 0 {
		return nil, nil
	}
	tags := make(map[string]string, len(given))
	for _, t := range given {
		if strings.HasPrefix(strings.ToLower(*t.Key), "aws:") {
			return nil, invalid("Tag keys that begin with aws: are reserved: %s.", *t.Key)
		}
		if _, twice := tags[*t.Key]; twice {
			return nil, invalid("The tag key %s is given twice.", *t.Key)
		}
		tags[*t.Key] = *t.Value
	}
	if len(tags) > maxTags {
		return nil, invalid("A parameter can have %d tags at most.", maxTags)
	}
	return tags, nil
}

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
	scope := store.Scope{Account: account, Region: region}
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
