package tamachi

import (
	"context"
	"time"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
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
	call := api.CallFrom(ctx)
	list, limit := "ListTemporaryGroupMembers "+*in.DirectoryId, limitOf(in.MaxResults)
	place, err := placeOf(list, in.NextToken)
	if err != nil {
		return nil, err
	}
	var found []*term
	err = s.st.View(ctx, func(tx *store.Tx) (err error) {
		found, err = terms.By(tx, store.In(call.Place()), "directory", *in.DirectoryId, beyond(place, limit))
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &ListTemporaryGroupMembersOutput{Members: []TemporaryGroupMember{}}
	found, out.NextToken = api.Cut(list, found, limit, terms.Key)
	for _, t := range found {
		out.Members = append(out.Members, TemporaryGroupMember{
			DirectoryId: &t.DirectoryID, GroupName: &t.Group, MemberName: &t.Member, RequestedBy: known(t.By), Since: &t.Since, Until: &t.Until,
		})
	}
	return out, nil
}

func (s *Service) listTemporaryGroupMembersChecks(ctx context.Context, in *ListTemporaryGroupMembersInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	return api.On("ds:AccessDSData", arn.New("ds", call.Region, call.Account, "directory/"+*in.DirectoryId)), nil
}
