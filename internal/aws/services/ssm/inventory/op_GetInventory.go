package inventory

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// GetInventory lists the nodes that meet all filters, with one type of what
// they have, or counts them.
func (s *Service) GetInventory(ctx context.Context, in *ssm.GetInventoryInput) (*ssm.GetInventoryOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	filters, err := readFilters(in.Filters, "")
	if err != nil {
		return nil, err
	}
	exists := func(f filter) bool { return f.operator == types.InventoryQueryOperatorTypeExists }
	if len(in.Aggregators) == 0 && slices.ContainsFunc(filters, exists) {
		return nil, &types.InvalidFilter{Message: new("The Exists filter must be used with aggregators.")}
	}
	after, limit, err := paging.Place("GetInventory", in.NextToken, in.MaxResults, usually)
	if err != nil {
		return nil, err
	}
	out := &ssm.GetInventoryOutput{Entities: []types.InventoryResultEntity{}}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		f, err := s.fleet(tx, scope)
		if err != nil {
			return err
		}
		fitting, err := f.fitting(filters)
		if err != nil {
			return err
		}
		if len(in.Aggregators) > 0 {
			out.Entities, err = f.aggregate(fitting, in.Aggregators)
			return err
		}
		page, next := window(fitting, func(m Machine) string { return m.ID }, after, limit)
		if next != "" {
			out.NextToken = new(api.Token("GetInventory", next))
		}
		return f.show(page, in.ResultAttributes, out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (f *fleet) fitting(filters []filter) ([]Machine, error) {
	if err := checkKinds(f.tx, f.scope, filters); err != nil {
		return nil, err
	}
	var out []Machine
	for _, m := range f.machines {
		ok, err := f.matches(m, filters)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, m)
		}
	}
	return out, nil
}

// show adds nodes with what is asked of them.
func (f *fleet) show(machines []Machine, asked []types.ResultAttribute, out *ssm.GetInventoryOutput) error {
	kind := instanceInformation
	if len(asked) > 0 {
		kind = *asked[0].TypeName
	}
	if ok, err := known(f.tx, f.scope, kind); err != nil || !ok {
		if err == nil {
			err = &types.InvalidResultAttributeException{Message: new("The specified inventory item result attribute isn't valid: " + kind + ".")}
		}
		return err
	}
	for _, m := range machines {
		e := types.InventoryResultEntity{Id: new(m.ID), Data: map[string]types.InventoryResultItem{}}
		i, err := f.of(m, kind)
		if err != nil {
			return err
		}
		if i != nil {
			e.Data[kind] = types.InventoryResultItem{
				TypeName: &i.Kind, SchemaVersion: &i.Version, CaptureTime: api.Optional(i.Captured), ContentHash: api.Optional(i.Hash), Content: i.content(),
			}
		}
		out.Entities = append(out.Entities, e)
	}
	return nil
}

// content is never nil, since the model asks for it.
func (i *item) content() []map[string]string {
	return append([]map[string]string{}, i.Entries...)
}

func (s *Service) getInventoryChecks(context.Context, *ssm.GetInventoryInput) ([]api.Check, error) {
	return api.OnAny("ssm:GetInventory"), nil
}
