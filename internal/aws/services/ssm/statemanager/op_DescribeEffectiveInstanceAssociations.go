package statemanager

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// DescribeEffectiveInstanceAssociations lists the associations of a node with
// the text of their documents.
func (s *Service) DescribeEffectiveInstanceAssociations(ctx context.Context, in *ssm.DescribeEffectiveInstanceAssociationsInput) (*ssm.DescribeEffectiveInstanceAssociationsOutput, error) {
	p := ofNode{"DescribeEffectiveInstanceAssociations", *in.InstanceId, in.NextToken, in.MaxResults, 5}
	shown, next, err := bound(ctx, s, p, func(tx *store.Tx, a *association, b *binding) (types.InstanceAssociation, error) {
		d, err := s.ports.Documents.Document(tx, store.In(api.CallFrom(ctx).Place()), a.Document, a.DocumentVersion)
		content := string(d.JSON)
		if err != nil {
			content = "" // the document is gone
		}
		return types.InstanceAssociation{
			AssociationId: &a.ID, AssociationVersion: decimal(a.Version), InstanceId: &b.Node, Content: api.Optional(content),
		}, nil
	})
	if err != nil {
		return nil, err
	}
	return &ssm.DescribeEffectiveInstanceAssociationsOutput{Associations: shown, NextToken: next}, nil
}

// ofNode asks for a page of the associations of a node.
type ofNode struct {
	operation, instance string
	token               *string
	most                *int32
	usual               int // a page without most
}

// bound is one page of a node's associations, each as show has it.
func bound[T any](ctx context.Context, s *Service, p ofNode, show func(tx *store.Tx, a *association, b *binding) (T, error)) (out []T, next *string, err error) {
	scope := store.In(api.CallFrom(ctx).Place())
	after, limit, err := paging.Place(p.operation, p.token, p.most, p.usual)
	if err != nil {
		return nil, nil, err
	}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		out = []T{}
		node, ok, err := s.ports.Nodes.Resolve(tx, scope, p.instance)
		if err != nil || !ok {
			return firstOf(err, noInstance(p.instance))
		}
		read := func(p store.Page) ([]*binding, error) { return bindings.By(tx, scope, "node", node.ID, p) }
		next, err = collect(p.operation, limit, store.Page{After: after}, &bindings, read, func(b *binding) (bool, error) {
			a, err := associations.Get(tx, scope, b.Association)
			if missing(err) {
				return false, nil
			}
			if err != nil {
				return false, err
			}
			one, err := show(tx, a, b)
			out = append(out, one)
			return true, err
		})
		return err
	})
	return out, next, err
}

func (s *Service) describeEffectiveInstanceAssociationsChecks(ctx context.Context, in *ssm.DescribeEffectiveInstanceAssociationsInput) ([]api.Check, error) {
	return []api.Check{onInstance(ctx, "ssm:DescribeEffectiveInstanceAssociations", *in.InstanceId)}, nil
}
