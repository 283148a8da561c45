package resourcegroups

import (
	"context"

	rg "github.com/aws/aws-sdk-go-v2/service/resourcegroups"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroups/types"

	"tamachi/internal/aws/api"
)

// SearchResources lists what a query finds, without a group.
func (s *Service) SearchResources(ctx context.Context, in *rg.SearchResourcesInput) (*rg.SearchResourcesOutput, error) {
	q, err := newQuery(in.ResourceQuery)
	if err != nil {
		return nil, err
	}
	page, next, err := s.found(ctx, "SearchResources", q, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	return &rg.SearchResourcesOutput{ResourceIdentifiers: page, NextToken: next, QueryErrors: []types.QueryError{}}, nil
}

func (s *Service) searchResourcesChecks(context.Context, *rg.SearchResourcesInput) ([]api.Check, error) {
	return append(api.OnAny("resource-groups:SearchResources"), api.OnAny("tag:GetResources")...), nil
}
