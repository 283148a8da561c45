package directoryservicedata

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// DescribeUser shows one user.
func (s *Service) DescribeUser(ctx context.Context, in *DescribeUserInput) (*DescribeUserOutput, error) {
	var out *DescribeUserOutput
	err := s.read(ctx, *in.DirectoryId, []*string{in.Realm}, func(r directory.Roster, d directory.Domain) error {
		u, err := r.User(ctx, *in.SAMAccountName)
		if err != nil {
			return refuse(err, subject{user: *in.SAMAccountName})
		}
		further, err := ofUsers.show(in.OtherAttributes, u.Values)
		out = described(d, u)
		out.OtherAttributes = further
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// described is a user as far as it needs no further attributes.
func described(d directory.Domain, u directory.Account) *DescribeUserOutput {
	principal := directory.UserPrincipalName(u.SAMAccountName, d.Name)
	return &DescribeUserOutput{
		DirectoryId: &d.ID, Realm: &d.Name, DistinguishedName: text(u.DN), UserPrincipalName: &principal,
		EmailAddress: text(u.Email), GivenName: text(u.GivenName), Surname: text(u.Surname),
		Enabled: &u.Enabled, SAMAccountName: &u.SAMAccountName, SID: &u.SID,
	}
}

// text is nil for what was never given.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (s *Service) describeUserChecks(ctx context.Context, in *DescribeUserInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "DescribeUser", *in.DirectoryId, named{name: in.SAMAccountName, realm: in.Realm}), nil
}
