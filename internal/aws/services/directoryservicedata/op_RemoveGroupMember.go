package directoryservicedata

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// RemoveGroupMember ends a membership.
func (s *Service) RemoveGroupMember(ctx context.Context, in *RemoveGroupMemberInput) (*RemoveGroupMemberOutput, error) {
	r := request{directoryID: *in.DirectoryId, token: in.ClientToken, realms: []*string{in.MemberRealm}, in: in}
	return change(ctx, s, r, func(ro directory.Roster, _ directory.Domain) (*RemoveGroupMemberOutput, error) {
		err := ro.RemoveMember(ctx, *in.GroupName, *in.MemberName)
		return &RemoveGroupMemberOutput{}, refuse(err, subject{group: *in.GroupName, member: *in.MemberName})
	})
}

func (s *Service) removeGroupMemberChecks(ctx context.Context, in *RemoveGroupMemberInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "RemoveGroupMember", *in.DirectoryId, named{name: in.GroupName, member: in.MemberName, memberRealm: in.MemberRealm}), nil
}
