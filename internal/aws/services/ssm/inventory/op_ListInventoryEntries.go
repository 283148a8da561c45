package inventory

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// ListInventoryEntries lists what a node has of one type.
func (s *Service) ListInventoryEntries(ctx context.Context, in *ssm.ListInventoryEntriesInput) (*ssm.ListInventoryEntriesOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	filters, err := readFilters(in.Filters, *in.TypeName)
	if err != nil {
		return nil, err
	}
	after, limit, err := paging.Place("ListInventoryEntries", in.NextToken, in.MaxResults, usually)
	if err != nil {
		return nil, err
	}
	var i *item
	err = s.st.View(ctx, func(tx *store.Tx) error {
		m, ok, err := s.ports.Nodes.Machine(tx, scope, *in.InstanceId)
		if err != nil || !ok {
			return errors.Join(err, unknownNode(*in.InstanceId, ok))
		}
		if ok, err := known(tx, scope, *in.TypeName); err != nil || !ok {
			if err == nil {
				err = unknownKind(*in.TypeName)
			}
			return err
		}
		if err := checkKinds(tx, scope, filters); err != nil {
			return err
		}
		i, err = itemOf(tx, scope, m, *in.TypeName)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &ssm.ListInventoryEntriesOutput{TypeName: in.TypeName, InstanceId: in.InstanceId, Entries: []map[string]string{}}
	if i == nil {
		return out, nil
	}
	out.SchemaVersion, out.CaptureTime = &i.Version, api.Optional(i.Captured)
	from := 0
	if after != "" {
		if from, err = strconv.Atoi(after); err != nil {
			return nil, &types.InvalidNextToken{Message: new("The specified token isn't valid.")}
		}
	}
	left := narrow(i.Entries, filters)
	left = left[min(max(from, 0), len(left)):]
	if len(left) > limit {
		left = left[:limit]
		out.NextToken = new(api.Token("ListInventoryEntries", fmt.Sprint(from+limit)))
	}
	out.Entries = append(out.Entries, left...)
	return out, nil
}

func (s *Service) listInventoryEntriesChecks(context.Context, *ssm.ListInventoryEntriesInput) ([]api.Check, error) {
	return api.OnAny("ssm:ListInventoryEntries"), nil
}
