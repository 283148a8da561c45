package directoryservicedata

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// ListGroupsForMember returns one page of the groups that a user or a group is
// in directly, by name.
func (s *Service) ListGroupsForMember(ctx context.Context, in *ListGroupsForMemberInput) (*ListGroupsForMemberOutput, error) {
	p, err := pageOf("ListGroupsForMember "+*in.DirectoryId+" "+*in.SAMAccountName, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	ask := func(r directory.Roster) ([]directory.Group, error) {
		return r.GroupsOf(ctx, *in.SAMAccountName, p.after, p.limit+1)
	}
	of := listing{page: p, directoryID: *in.DirectoryId, realms: []*string{in.Realm, in.MemberRealm}, about: subject{member: *in.SAMAccountName}}
	l, err := list(ctx, s, of, ask, groupName, summary)
	if err != nil {
		return nil, err
	}
	return &ListGroupsForMemberOutput{DirectoryId: in.DirectoryId, Realm: l.realm, MemberRealm: l.realm, Groups: l.shown, NextToken: l.next}, nil
}

func (s *Service) listGroupsForMemberChecks(ctx context.Context, in *ListGroupsForMemberInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "ListGroupsForMember", *in.DirectoryId, named{member: in.SAMAccountName, realm: in.Realm, memberRealm: in.MemberRealm}), nil
}
