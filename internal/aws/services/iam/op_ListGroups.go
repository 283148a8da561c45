package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// ListGroups lists the groups below a path.
func (s *Service) ListGroups(ctx context.Context, in *iam.ListGroupsInput) (*iam.ListGroupsOutput, error) {
	found, p, err := listBelow(ctx, s, &groups, asked{"ListGroups", in.Marker, in.MaxItems}, in.PathPrefix, func(g *group) string { return g.Path }, (*group).shown)
	if err != nil {
		return nil, err
	}
	return &iam.ListGroupsOutput{Groups: found, IsTruncated: p.truncated, Marker: p.marker}, nil
}

func (s *Service) listGroupsChecks(context.Context, *iam.ListGroupsInput) ([]api.Check, error) {
	return api.OnAny("iam:ListGroups"), nil
}
