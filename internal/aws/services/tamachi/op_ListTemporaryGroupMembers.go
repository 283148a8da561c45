package tamachi

import (
	"context"
	"time"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
)

// ListTemporaryGroupMembersInput asks for one page of the memberships of a
// directory that have an end.
type ListTemporaryGroupMembersInput struct {
	DirectoryId, NextToken *string
	MaxResults             *int32
}

// ListTemporaryGroupMembersOutput is one page of them, by group and member.
type ListTemporaryGroupMembersOutput struct {
	Members   []TemporaryGroupMember
	NextToken *string
}

// TemporaryGroupMember is a membership with an end.
type TemporaryGroupMember struct {
	DirectoryId, GroupName, MemberName, RequestedBy *string
	Since, Until                                    *time.Time
}

// ListTemporaryGroupMembers returns one page of the memberships of a directory
// that have an end.
func (s *Service) ListTemporaryGroupMembers(ctx context.Context, in *ListTemporaryGroupMembersInput) (*ListTemporaryGroupMembersOutput, error) {
	p := place{"ListTemporaryGroupMembers", in.DirectoryId, in.NextToken, in.MaxResults}
	shown, next, err := ofDirectory(ctx, s, &terms, p, func(t *term) TemporaryGroupMember {
		return TemporaryGroupMember{
			DirectoryId: &t.DirectoryID, GroupName: &t.Group, MemberName: &t.Member, RequestedBy: known(t.By), Since: &t.Since, Until: &t.Until,
		}
	})
	if err != nil {
		return nil, err
	}
	return &ListTemporaryGroupMembersOutput{Members: shown, NextToken: next}, nil
}

func (s *Service) listTemporaryGroupMembersChecks(ctx context.Context, in *ListTemporaryGroupMembersInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	return api.On("ds:AccessDSData", arn.New("ds", call.Region, call.Account, "directory/"+*in.DirectoryId)), nil
}
