package statemanager

import (
	"context"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

const maxTags = 50

// tagsOf reads the tags of a request.
func tagsOf(given []types.Tag) (map[string]string, error) {
	if len(given) > maxTags {
		return nil, &types.InvalidTag{Message: new("A resource can have 50 tags at most.")}
	}
	var out map[string]string
	for _, t := range given {
		if strings.HasPrefix(strings.ToLower(*t.Key), "aws:") {
			return nil, &types.InvalidTag{Message: new("Tag keys that begin with aws: are reserved: " + *t.Key + ".")}
		}
		if out == nil {
			out = map[string]string{}
		}
		out[*t.Key] = *t.Value
	}
	return out, nil
}

// Tags returns an association's tags and its ARN; store.ErrNotFound when there
// is none.
func (s *Service) Tags(tx *store.Tx, scope store.Scope, id string) (tags map[string]string, arn string, err error) {
	name := associationARN(scope, id)
	a, err := associations.Get(tx, scope, id)
	if err != nil {
		return nil, name, err
	}
	return a.Tags, name, nil
}

// SetTags replaces an association's tags.
func (s *Service) SetTags(tx *store.Tx, scope store.Scope, id string, tags map[string]string) error {
	a, err := associations.Get(tx, scope, id)
	if err != nil {
		return err
	}
	a.Tags = maps.Clone(tags)
	return associations.Put(tx, scope, a)
}

// ID is the association that an ARN names.
func (s *Service) ID(a arn.ARN) (id string, ok bool) {
	id, ok = strings.CutPrefix(a.Resource, "association/")
	return id, ok && a.Service == "ssm"
}

// Tagged lists the associations of an account in a Region with their tags.
func (s *Service) Tagged(ctx context.Context, account, region string) ([]api.Tagged, error) {
	scope := store.Scope{Account: account, Region: region}
	var out []api.Tagged
	err := s.st.View(ctx, func(tx *store.Tx) error {
		all, err := associations.List(tx, scope, store.Page{})
		for _, a := range all {
			out = append(out, api.Tagged{ARN: associationARN(scope, a.ID), Type: "ssm:association", Tags: a.Tags})
		}
		return err
	})
	return out, err
}
