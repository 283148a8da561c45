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
	out := &ListGroupsForMemberOutput{DirectoryId: in.DirectoryId}
	err = s.read(ctx, *in.DirectoryId, []*string{in.Realm, in.MemberRealm}, func(r directory.Roster, d directory.Domain) error {
		found, err := r.GroupsOf(ctx, *in.SAMAccountName, p.after, p.limit+1)
		if err != nil {
			return refuse(err, subject{member: *in.SAMAccountName})
		}
		out.Realm, out.MemberRealm = &d.Name, &d.Name
		out.Groups, out.NextToken = summaries(p, found)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) listGroupsForMemberChecks(ctx context.Context, in *ListGroupsForMemberInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "ListGroupsForMember", *in.DirectoryId, named{member: in.SAMAccountName, realm: in.Realm, memberRealm: in.MemberRealm}), nil
}
