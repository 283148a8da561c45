package inventory

import (
	"context"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// DescribeInventoryDeletions lists deletions, the newest first.
func (s *Service) DescribeInventoryDeletions(ctx context.Context, in *ssm.DescribeInventoryDeletionsInput) (*ssm.DescribeInventoryDeletionsOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	after, limit, err := paging.Place("DescribeInventoryDeletions", in.NextToken, in.MaxResults, usually)
	if err != nil {
		return nil, err
	}
	from, err := strconv.Atoi(after)
	if after != "" && (err != nil || from < 0) {
		return nil, &types.InvalidNextToken{Message: new("The specified token isn't valid.")}
	}
	var all []*deletion
	err = s.st.View(ctx, func(tx *store.Tx) (err error) {
		all, err = deletions.List(tx, scope, store.Page{})
		return err
	})
	if err != nil {
		return nil, err
	}
	if id := aws.ToString(in.DeletionId); id != "" {
		all = slices.DeleteFunc(all, func(d *deletion) bool { return d.ID != id })
		if len(all) == 0 {
			return nil, &types.InvalidDeletionIdException{Message: new("The ID specified for the delete operation doesn't exist or isn't valid. Verify the ID and try again.")}
		}
	}
	slices.SortFunc(all, newestFirst)
	out := &ssm.DescribeInventoryDeletionsOutput{InventoryDeletions: []types.InventoryDeletionStatusItem{}}
	all = all[min(from, len(all)):]
	if len(all) > limit {
		all = all[:limit]
		out.NextToken = new(api.Token("DescribeInventoryDeletions", strconv.Itoa(from+limit)))
	}
	for _, d := range all {
		out.InventoryDeletions = append(out.InventoryDeletions, d.describe())
	}
	return out, nil
}

func (s *Service) describeInventoryDeletionsChecks(context.Context, *ssm.DescribeInventoryDeletionsInput) ([]api.Check, error) {
	return api.OnAny("ssm:DescribeInventoryDeletions"), nil
}
