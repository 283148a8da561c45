package directoryservicedata

import (
	"context"
	"strings"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// CreateUser makes a user without a password, which is therefore disabled
// until ResetUserPassword of Directory Service sets one.
func (s *Service) CreateUser(ctx context.Context, in *CreateUserInput) (*CreateUserOutput, error) {
	if err := ending(*in.SAMAccountName); err != nil {
		return nil, err
	}
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

// ending refuses the name of a new account or group that ends in a dot
// (Microsoft, "USER_INFO_0 structure", remarks).
func ending(name string) error {
	if strings.HasSuffix(name, ".") {
		return invalid(reasonAttributeValue, "The name %s can't end with a period.", name)
	}
	return nil
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
