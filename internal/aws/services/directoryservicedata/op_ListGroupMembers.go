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
	out := &ListGroupMembersOutput{DirectoryId: in.DirectoryId}
	err = s.read(ctx, *in.DirectoryId, []*string{in.Realm, in.MemberRealm}, func(r directory.Roster, d directory.Domain) error {
		found, err := r.Members(ctx, *in.SAMAccountName, p.after, p.limit+1)
		if err != nil {
			return refuse(err, subject{group: *in.SAMAccountName})
		}
		out.Realm, out.MemberRealm, out.Members = &d.Name, &d.Name, []Member{} // the function may run again
		found, out.NextToken = api.Cut(p.list, found, p.limit, func(m directory.Member) string { return m.SAMAccountName })
		for _, m := range found {
			out.Members = append(out.Members, Member{MemberType: text(string(m.Kind)), SAMAccountName: &m.SAMAccountName, SID: &m.SID})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) listGroupMembersChecks(ctx context.Context, in *ListGroupMembersInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "ListGroupMembers", *in.DirectoryId, named{name: in.SAMAccountName, realm: in.Realm, memberRealm: in.MemberRealm}), nil
}
