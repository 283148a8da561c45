package tamachi

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
)

// CompareInventoryInput names two moments, and the node and the inventory type
// to compare; without those, all of the account in the Region.
type CompareInventoryInput struct {
	From, To             *time.Time
	InstanceId, TypeName *string
}

// CompareInventoryOutput is what differs, by node and type.
type CompareInventoryOutput struct {
	Changes []InventoryChange
}

// InventoryChange is what a node has at the second moment and had not at the
// first, and the reverse.
type InventoryChange struct {
	InstanceId, TypeName *string
	Added, Removed       []map[string]string
}

// CompareInventory compares what nodes reported up to two moments. AWS keeps
// the last report only.
func (s *Service) CompareInventory(ctx context.Context, in *CompareInventoryInput) (*CompareInventoryOutput, error) {
	call := api.CallFrom(ctx)
	if !in.From.Before(*in.To) {
		return nil, &smithy.GenericAPIError{Code: "ValidationException", Message: "From must be before To."}
	}
	found, err := s.ports.Inventory.Changes(ctx, call.Account, call.Region, value(in.InstanceId), value(in.TypeName), *in.From, *in.To)
	if err != nil {
		return nil, fmt.Errorf("compare inventory: %w", err)
	}
	out := &CompareInventoryOutput{Changes: []InventoryChange{}}
	for _, c := range found {
		out.Changes = append(out.Changes, InventoryChange{InstanceId: &c.Node, TypeName: &c.Kind, Added: c.Added, Removed: c.Removed})
	}
	return out, nil
}

// compareInventoryChecks asks for the right to read inventory: AWS has no
// action of this name.
func (s *Service) compareInventoryChecks(context.Context, *CompareInventoryInput) ([]api.Check, error) {
	return api.OnAny("ssm:ListInventoryEntries"), nil
}
