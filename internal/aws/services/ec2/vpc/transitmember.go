package vpc

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// members are the attachments that stand in a table as of says, one page of
// them as an answer shows them.
func members[T any](ctx context.Context, s *Service, q query, table *string, of func(*TransitTable) []string, show func(*TransitAttachment) T) ([]T, *string, error) {
	var ids []string
	err := s.read(ctx, func(l look) error {
		t, err := liveTable(l, text(table))
		if err == nil {
			ids = of(t)
		}
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	some := transitAttachmentNoun
	some.gone = func(a *TransitAttachment, _ time.Time) bool { return !slices.Contains(ids, a.ID) }
	return list(ctx, s, &some, q, func(_ look, a *TransitAttachment) (T, error) { return show(a), nil })
}

// pairs changes a table about an attachment of its own transit gateway.
func pairs[T any](ctx context.Context, s *Service, table, attachment *string, change func(l look, t *TransitTable, a *TransitAttachment) (*T, error)) (out *T, err error) {
	err = s.change(ctx, func(l look) error {
		t, err := liveTable(l, text(table))
		if err != nil {
			return err
		}
		a, err := liveAttachment(l, text(attachment))
		if err != nil {
			return err
		}
		if a.Transit != t.Transit {
			return fault("InvalidParameterValue", "%s and %s belong to different transit gateways.", t.ID, a.ID)
		}
		if out, err = change(l, t, a); err != nil {
			return err
		}
		return transitTableNoun.put(l, t)
	})
	return out, err
}

func association(t *TransitTable, a *TransitAttachment, state types.TransitGatewayAssociationState) *types.TransitGatewayAssociation {
	return &types.TransitGatewayAssociation{
		ResourceId: &a.VPC, ResourceType: types.TransitGatewayAttachmentResourceTypeVpc, State: state, TransitGatewayAttachmentId: &a.ID, TransitGatewayRouteTableId: &t.ID,
	}
}

func propagation(t *TransitTable, a *TransitAttachment, state types.TransitGatewayPropagationState) *types.TransitGatewayPropagation {
	return &types.TransitGatewayPropagation{
		ResourceId: &a.VPC, ResourceType: types.TransitGatewayAttachmentResourceTypeVpc, State: state, TransitGatewayAttachmentId: &a.ID, TransitGatewayRouteTableId: &t.ID,
	}
}
