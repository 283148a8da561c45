package managednodes

import (
	"context"
	"maps"
	"strings"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Tags returns a node's tags and its ARN; store.ErrNotFound when there is none.
func (s *Service) Tags(tx *store.Tx, scope store.Scope, id string) (tags map[string]string, arn string, err error) {
	name := nodeARN(scope, id).String()
	n, err := managedNodes.Get(tx, scope, id)
	if err != nil {
		return nil, name, err
	}
	return n.Tags, name, nil
}

// SetTags replaces a node's tags.
func (s *Service) SetTags(tx *store.Tx, scope store.Scope, id string, tags map[string]string) error {
	n, err := managedNodes.Get(tx, scope, id)
	if err != nil {
		return err
	}
	n.Tags = maps.Clone(tags)
	return managedNodes.Put(tx, scope, n)
}

// ID is the node that an ARN names.
func (s *Service) ID(a arn.ARN) (id string, ok bool) {
	id, ok = strings.CutPrefix(a.Resource, "managed-instance/")
	return id, ok && a.Service == "ssm"
}

// Tagged lists the nodes of an account in a Region with their tags.
func (s *Service) Tagged(ctx context.Context, account, region string) ([]api.Tagged, error) {
	scope := store.Scope{Account: account, Region: region}
	var out []api.Tagged
	err := s.st.View(ctx, func(tx *store.Tx) error {
		all, err := managedNodes.List(tx, scope, store.Page{})
		for _, n := range all {
			out = append(out, api.Tagged{ARN: nodeARN(scope, n.ID).String(), Type: "ssm:managed-instance", Tags: n.Tags})
		}
		return err
	})
	return out, err
}
