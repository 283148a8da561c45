package directoryservicedata

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// ListGroupMembers returns one page of a group's members, by name.
func (s *Service) ListGroupMembers(ctx context.Context, in *ListGroupMembersInput) (*ListGroupMembersOutput, error) {
	p, err := pageOf("ListGroupMembers "+*in.DirectoryId+" "+*in.SAMAccountName, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	ask := func(r directory.Roster) ([]directory.Member, error) {
		return r.Members(ctx, *in.SAMAccountName, p.after, p.limit+1)
	}
	of := listing{page: p, directoryID: *in.DirectoryId, realms: []*string{in.Realm, in.MemberRealm}, about: subject{group: *in.SAMAccountName}}
	l, err := list(ctx, s, of, ask, memberName, func(_ directory.Domain, m directory.Member) Member {
		return Member{MemberType: text(string(m.Kind)), SAMAccountName: &m.SAMAccountName, SID: &m.SID}
	})
	if err != nil {
		return nil, err
	}
	return &ListGroupMembersOutput{DirectoryId: in.DirectoryId, Realm: l.realm, MemberRealm: l.realm, Members: l.shown, NextToken: l.next}, nil
}

func (s *Service) listGroupMembersChecks(ctx context.Context, in *ListGroupMembersInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "ListGroupMembers", *in.DirectoryId, named{name: in.SAMAccountName, realm: in.Realm, memberRealm: in.MemberRealm}), nil
}
