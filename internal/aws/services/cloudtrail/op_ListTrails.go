package cloudtrail

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

const listTrails = "ListTrails"

// listTrailsPage is how many trails an answer holds.
const listTrailsPage = 100

// ListTrails lists the trails of the account in all Regions.
func (s *Service) ListTrails(ctx context.Context, in *cloudtrail.ListTrailsInput) (*cloudtrail.ListTrailsOutput, error) {
	call := api.CallFrom(ctx)
	page := store.Page{Limit: listTrailsPage + 1}
	if in.NextToken != nil {
		after, ok := api.After(listTrails, *in.NextToken)
		if !ok { // the model lists no error for the token of ListTrails
			return nil, &types.OperationNotPermittedException{Message: aws.String("The pagination token is not valid.")}
		}
		page.After = after
	}
	var list []*trail
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = trails.List(tx, store.Scope{Account: call.Account}, page)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list trails: %w", err)
	}
	out := &cloudtrail.ListTrailsOutput{Trails: []types.TrailInfo{}}
	if len(list) > listTrailsPage {
		list = list[:listTrailsPage]
		out.NextToken = aws.String(api.Token(listTrails, list[listTrailsPage-1].key()))
	}
	slices.SortStableFunc(list, func(a, b *trail) int { return cmp.Compare(a.key(), b.key()) })
	for _, t := range list {
		out.Trails = append(out.Trails, types.TrailInfo{Name: aws.String(t.Name), HomeRegion: aws.String(t.Region), TrailARN: aws.String(t.ARN().String())})
	}
	return out, nil
}

func (s *Service) listTrailsChecks(context.Context, *cloudtrail.ListTrailsInput) ([]api.Check, error) {
	return api.OnAny("cloudtrail:ListTrails"), nil
}
