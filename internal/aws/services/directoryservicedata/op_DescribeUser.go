package directoryservicedata

import (
	"context"
	"errors"
	"strings"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// DescribeUser shows one user.
func (s *Service) DescribeUser(ctx context.Context, in *DescribeUserInput) (*DescribeUserOutput, error) {
	call := api.CallFrom(ctx)
	sc := store.Scope{Account: call.Account, Region: call.Region}
	var d directory.Domain
	var u *user
	err := s.st.View(ctx, func(tx *store.Tx) error {
		var err error
		if d, err = s.realm(tx, sc, *in.DirectoryId, in.Realm); err != nil {
			return err
		}
		u, err = find(tx, sc, d.ID, *in.SAMAccountName)
		return err
	})
	if errors.Is(err, directory.ErrNoUser) {
		return nil, noUser(*in.SAMAccountName)
	}
	if err != nil {
		return nil, err
	}
	further, err := u.show(in.OtherAttributes)
	if err != nil {
		return nil, err
	}
	name, principal := directory.UserDN(u.Name, d.Name), directory.UserPrincipalName(u.Name, d.Name)
	return &DescribeUserOutput{
		DirectoryId: &u.DirectoryID, DistinguishedName: &name, UserPrincipalName: &principal,
		EmailAddress: text(u.Email), GivenName: text(u.GivenName), Surname: text(u.Surname),
		Enabled: &u.Enabled, Realm: &d.Name, SAMAccountName: &u.Name, SID: &u.SID, OtherAttributes: further,
	}, nil
}

// show returns those of the named attributes that the user has, spelled as the
// directory spells them.
func (u *user) show(names []string) (map[string]AttributeValue, error) {
	var out map[string]AttributeValue
	for _, name := range names {
		known, ok := attributes[strings.ToLower(name)]
		if !ok {
			return nil, invalid(reasonAttributeName, "The attribute %s is not an attribute of a user.", name)
		}
		v, has := u.Attributes[known.name]
		if !has {
			continue
		}
		if out == nil {
			out = make(map[string]AttributeValue)
		}
		out[known.name] = v.value()
	}
	return out, nil
}

// text is nil for what was never given.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (s *Service) describeUserChecks(ctx context.Context, in *DescribeUserInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "DescribeUser", *in.DirectoryId), nil
}
