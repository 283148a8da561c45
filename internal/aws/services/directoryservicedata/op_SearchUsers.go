package directoryservicedata

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// userWords are the attributes of users that have a parameter of their own, by
// the names that the two APIs give them.
var userWords = map[string]string{
	"samaccountname": "sAMAccountName", "givenname": "givenName", "surname": "sn", "sn": "sn",
	"emailaddress": "mail", "mail": "mail",
}

// SearchUsers returns one page of the users of whom one of the attributes has
// the value that is searched for, by name.
func (s *Service) SearchUsers(ctx context.Context, in *SearchUsersInput) (*SearchUsersOutput, error) {
	p, err := pageOf("SearchUsers "+*in.DirectoryId, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	names, err := ofUsers.searched(in.SearchAttributes, userWords)
	if err != nil {
		return nil, err
	}
	ask := func(r directory.Roster) ([]directory.Account, error) {
		return r.ListUsers(ctx, p.query(names, *in.SearchString))
	}
	of := listing{page: p, directoryID: *in.DirectoryId, realms: []*string{in.Realm}}
	l, err := list(ctx, s, of, ask, userName, func(d directory.Domain, u directory.Account) User {
		one := described(d, u)
		return User{
			DistinguishedName: one.DistinguishedName, EmailAddress: one.EmailAddress, Enabled: one.Enabled,
			GivenName: one.GivenName, OtherAttributes: ofUsers.among(names, u.Values),
			SAMAccountName: one.SAMAccountName, SID: one.SID, Surname: one.Surname, UserPrincipalName: one.UserPrincipalName,
		}
	})
	if err != nil {
		return nil, err
	}
	return &SearchUsersOutput{DirectoryId: in.DirectoryId, Realm: l.realm, Users: l.shown, NextToken: l.next}, nil
}

func (s *Service) searchUsersChecks(ctx context.Context, in *SearchUsersInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "SearchUsers", *in.DirectoryId, named{realm: in.Realm}), nil
}
