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
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// GetInventorySchema lists the types that there are with their attributes, or
// those that nodes may be counted by. No type here has sub-types, so that
// SubType shows none.
func (s *Service) GetInventorySchema(ctx context.Context, in *ssm.GetInventorySchemaInput) (*ssm.GetInventorySchemaOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	after, limit, err := paging.Place("GetInventorySchema", in.NextToken, in.MaxResults, usually)
	if err != nil {
		return nil, err
	}
	var own []*customKind
	err = s.st.View(ctx, func(tx *store.Tx) (err error) {
		own, err = customKinds.List(tx, scope, store.Page{})
		return err
	})
	if err != nil {
		return nil, err
	}
	all := schemas(own, in.Aggregator)
	if name := aws.ToString(in.TypeName); name != "" {
		i := slices.IndexFunc(all, func(t types.InventoryItemSchema) bool { return *t.TypeName == name })
		if i < 0 {
			return nil, unknownKind(name)
		}
		all = all[i : i+1]
	}
	if aws.ToBool(in.SubType) {
		all = nil
	}
	page, next := window(all, func(t types.InventoryItemSchema) string { return *t.TypeName }, after, limit)
	out := &ssm.GetInventorySchemaOutput{Schemas: append([]types.InventoryItemSchema{}, page...)}
	if next != "" {
		out.NextToken = new(api.Token("GetInventorySchema", next))
	}
	return out, nil
}

// schemas are those of AWS's types and of an account's own, by name.
func schemas(own []*customKind, countable bool) []types.InventoryItemSchema {
	var out []types.InventoryItemSchema
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		k := kinds[name]
		attributes := k.Attributes
		if countable {
			attributes = k.Aggregator
		}
		if len(attributes) > 0 {
			out = append(out, k.schema(name, attributes))
		}
	}
	for _, k := range own {
		if len(k.Attributes) > 0 && k.Disabled != k.Version {
			out = append(out, kind{Version: k.Version}.schema(k.Name, k.Attributes))
		}
	}
	slices.SortFunc(out, func(a, b types.InventoryItemSchema) int { return strings.Compare(*a.TypeName, *b.TypeName) })
	return out
}

func (s *Service) getInventorySchemaChecks(context.Context, *ssm.GetInventorySchemaInput) ([]api.Check, error) {
	return api.OnAny("ssm:GetInventorySchema"), nil
}
