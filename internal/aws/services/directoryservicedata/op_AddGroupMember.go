package directoryservicedata

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// AddGroupMember makes a user or a group member of a group. It takes effect
// at once: there is one domain controller.
func (s *Service) AddGroupMember(ctx context.Context, in *AddGroupMemberInput) (*AddGroupMemberOutput, error) {
	r := request{directoryID: *in.DirectoryId, token: in.ClientToken, realms: []*string{in.MemberRealm}, in: in}
	return change(ctx, s, r, func(ro directory.Roster, _ directory.Domain) (*AddGroupMemberOutput, error) {
		err := ro.AddMember(ctx, *in.GroupName, *in.MemberName)
		return &AddGroupMemberOutput{}, refuse(err, subject{group: *in.GroupName, member: *in.MemberName})
	})
}

func (s *Service) addGroupMemberChecks(ctx context.Context, in *AddGroupMemberInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "AddGroupMember", *in.DirectoryId, named{name: in.GroupName, member: in.MemberName, memberRealm: in.MemberRealm}), nil
}
