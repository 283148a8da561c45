package inventory

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteInventory deletes what nodes have of a custom type, and on request the
// type, or the right to report its versions so far.
func (s *Service) DeleteInventory(ctx context.Context, in *ssm.DeleteInventoryInput) (*ssm.DeleteInventoryOutput, error) {
	call := api.CallFrom(ctx)
	scope := store.In(call.Place())
	if !strings.HasPrefix(*in.TypeName, custom) {
		return nil, unknownKind(*in.TypeName)
	}
	d := &deletion{ID: s.ids.UUID(), Kind: *in.TypeName, Began: call.Time, Token: aws.ToString(in.ClientToken), Option: string(in.SchemaDeleteOption)}
	if in.DryRun {
		err := s.st.View(ctx, func(tx *store.Tx) error { return s.measure(tx, scope, d) })
		if err != nil {
			return nil, err
		}
		return &ssm.DeleteInventoryOutput{TypeName: in.TypeName, DeletionSummary: d.summary(true)}, nil
	}
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		if before, err := deletions.By(tx, scope, "token", d.Token, store.Page{Limit: 1}); err != nil || len(before) > 0 {
			if err != nil {
				return err
			}
			if before[0].Kind != d.Kind || before[0].Option != d.Option {
				return &types.InvalidInventoryRequestException{Message: new("The client token was used for another request.")}
			}
			d = before[0]
			return nil
		}
		if err := s.measure(tx, scope, d); err != nil {
			return err
		}
		return s.drop(tx, scope, call, d)
	})
	if err != nil {
		return nil, err
	}
	return &ssm.DeleteInventoryOutput{DeletionId: &d.ID, TypeName: in.TypeName, DeletionSummary: d.summary(false)}, nil
}

// measure counts what there is to delete.
func (s *Service) measure(tx *store.Tx, scope store.Scope, d *deletion) error {
	if _, err := customKinds.Get(tx, scope, d.Kind); err != nil {
		if missing(err) {
			return unknownKind(d.Kind)
		}
		return err
	}
	all, err := items.By(tx, scope, "kind", d.Kind, store.Page{})
	if err != nil {
		return err
	}
	d.Versions = map[string]int32{}
	for _, i := range all {
		d.Versions[i.Version]++
	}
	return nil
}

// drop deletes the data and does what the option asks with the type.
func (s *Service) drop(tx *store.Tx, scope store.Scope, call *api.Call, d *deletion) error {
	all, err := items.By(tx, scope, "kind", d.Kind, store.Page{})
	if err != nil {
		return err
	}
	for _, i := range all {
		if err := items.Delete(tx, scope, items.Key(i)); err != nil {
			return err
		}
		if len(i.Entries) == 0 {
			continue
		}
		c := change{Node: i.Node, Kind: i.Kind, At: call.Time, Removed: i.Entries}
		if err := changes.Put(tx, scope, &c); err != nil {
			return err
		}
	}
	k, err := customKinds.Get(tx, scope, d.Kind)
	if err != nil {
		return err
	}
	switch types.InventorySchemaDeleteOption(d.Option) {
	case types.InventorySchemaDeleteOptionDeleteSchema:
		err = customKinds.Delete(tx, scope, k.Name)
	case types.InventorySchemaDeleteOptionDisableSchema:
		k.Disabled = k.Version
		err = customKinds.Put(tx, scope, k)
	}
	if err != nil {
		return err
	}
	return deletions.Put(tx, scope, d)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func (s *Service) deleteInventoryChecks(context.Context, *ssm.DeleteInventoryInput) ([]api.Check, error) {
	return api.OnAny("ssm:DeleteInventory"), nil
}
