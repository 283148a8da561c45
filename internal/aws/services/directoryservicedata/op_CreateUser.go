package directoryservicedata

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// CreateUser makes a user without a password, which is therefore disabled
// until ResetUserPassword of Directory Service sets one.
func (s *Service) CreateUser(ctx context.Context, in *CreateUserInput) (*CreateUserOutput, error) {
	further, err := ofUsers.read(in.OtherAttributes)
	if err != nil {
		return nil, err
	}
	r := request{directoryID: *in.DirectoryId, token: in.ClientToken, in: in}
	return change(ctx, s, r, func(ro directory.Roster, d directory.Domain) (*CreateUserOutput, error) {
		u, err := ro.AddUser(ctx, directory.Account{
			SAMAccountName: *in.SAMAccountName, GivenName: given(in.GivenName), Surname: given(in.Surname),
			Email: given(in.EmailAddress), Attributes: further,
		})
		if err != nil {
			return nil, refuse(err, subject{user: *in.SAMAccountName})
		}
		return &CreateUserOutput{DirectoryId: &d.ID, SAMAccountName: &u.SAMAccountName, SID: &u.SID}, nil
	})
}

func given(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (s *Service) createUserChecks(ctx context.Context, in *CreateUserInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "CreateUser", *in.DirectoryId, named{name: in.SAMAccountName}), nil
}
