package tamachi

import (
	"context"

	"tamachi/internal/aws/api"
)

// ListDesktopPoliciesInput asks for one page of a directory's policies.
type ListDesktopPoliciesInput struct {
	DirectoryId, NextToken *string
	MaxResults             *int32
}

// ListDesktopPoliciesOutput is one page of policies, by id.
type ListDesktopPoliciesOutput struct {
	Policies  []DesktopPolicy
	NextToken *string
}

// ListDesktopPolicies returns one page of a directory's policies.
func (s *Service) ListDesktopPolicies(ctx context.Context, in *ListDesktopPoliciesInput) (*ListDesktopPoliciesOutput, error) {
	shown, next, err := ofDirectory(ctx, s, &policies, place{"ListDesktopPolicies", in.DirectoryId, in.NextToken, in.MaxResults}, (*deskPolicy).shown)
	if err != nil {
		return nil, err
	}
	return &ListDesktopPoliciesOutput{Policies: shown, NextToken: next}, nil
}

func (s *Service) listDesktopPoliciesChecks(ctx context.Context, in *ListDesktopPoliciesInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeWorkspaceDirectories"), nil
}
