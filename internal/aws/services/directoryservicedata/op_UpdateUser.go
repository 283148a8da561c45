package directoryservicedata

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// UpdateUser changes what is known of a user: all that is given, or nothing.
func (s *Service) UpdateUser(ctx context.Context, in *UpdateUserInput) (*UpdateUserOutput, error) {
	own := map[string]*string{"givenName": in.GivenName, "sn": in.Surname, "mail": in.EmailAddress}
	changes, err := ofUsers.changes(in.UpdateType, own, in.OtherAttributes)
	if err != nil {
		return nil, err
	}
	r := request{directoryID: *in.DirectoryId, token: in.ClientToken, in: in}
	return change(ctx, s, r, func(ro directory.Roster, _ directory.Domain) (*UpdateUserOutput, error) {
		err := ro.ChangeUser(ctx, *in.SAMAccountName, changes)
		return &UpdateUserOutput{}, refuse(err, subject{user: *in.SAMAccountName})
	})
}

func (s *Service) updateUserChecks(ctx context.Context, in *UpdateUserInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "UpdateUser", *in.DirectoryId, named{name: in.SAMAccountName}), nil
}
