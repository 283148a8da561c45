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
	const operation = "DescribeEffectiveInstanceAssociations"
	scope := store.In(api.CallFrom(ctx).Place())
	after, limit, err := paging.Place(operation, in.NextToken, in.MaxResults, 5)
	if err != nil {
		return nil, err
	}
	out := &ssm.DescribeEffectiveInstanceAssociationsOutput{}
	err = s.st.View(ctx, func(tx *store.Tx) (err error) {
		out.Associations = []types.InstanceAssociation{}
		out.NextToken, err = s.ofNode(tx, scope, operation, *in.InstanceId, after, limit, func(a *association, b *binding) error {
			d, err := s.ports.Documents.Document(tx, scope, a.Document, a.DocumentVersion)
			content := string(d.JSON)
			if err != nil {
				content = "" // the document is gone
			}
			out.Associations = append(out.Associations, types.InstanceAssociation{
				AssociationId: &a.ID, AssociationVersion: decimal(a.Version), InstanceId: &b.Node, Content: api.Optional(content),
			})
			return nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ofNode shows the associations of a node.
func (s *Service) ofNode(tx *store.Tx, scope store.Scope, operation, instance, after string, limit int, show func(*association, *binding) error) (*string, error) {
	node, ok, err := s.ports.Nodes.Resolve(tx, scope, instance)
	if err != nil || !ok {
		return nil, firstOf(err, noInstance(instance))
	}
	read := func(p store.Page) ([]*binding, error) { return bindings.By(tx, scope, "node", node.ID, p) }
	return collect(operation, limit, store.Page{After: after}, &bindings, read, func(b *binding) (bool, error) {
		a, err := associations.Get(tx, scope, b.Association)
		if missing(err) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		return true, show(a, b)
	})
}

func (s *Service) describeEffectiveInstanceAssociationsChecks(ctx context.Context, in *ssm.DescribeEffectiveInstanceAssociationsInput) ([]api.Check, error) {
	return []api.Check{onInstance(ctx, "ssm:DescribeEffectiveInstanceAssociations", *in.InstanceId)}, nil
}
