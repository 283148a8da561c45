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
	out := &SearchUsersOutput{DirectoryId: in.DirectoryId}
	q := directory.Query{After: p.after, Limit: p.limit + 1, Attributes: names, Value: *in.SearchString}
	err = s.read(ctx, *in.DirectoryId, []*string{in.Realm}, func(r directory.Roster, d directory.Domain) error {
		found, err := r.ListUsers(ctx, q)
		if err != nil {
			return refuse(err, subject{})
		}
		out.Realm, out.Users = &d.Name, []User{} // the function may run again
		found, out.NextToken = api.Cut(p.list, found, p.limit, func(u directory.Account) string { return u.SAMAccountName })
		for _, u := range found {
			one := described(d, u)
			out.Users = append(out.Users, User{
				DistinguishedName: one.DistinguishedName, EmailAddress: one.EmailAddress, Enabled: one.Enabled,
				GivenName: one.GivenName, OtherAttributes: ofUsers.among(names, u.Values),
				SAMAccountName: one.SAMAccountName, SID: one.SID, Surname: one.Surname, UserPrincipalName: one.UserPrincipalName,
			})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) searchUsersChecks(ctx context.Context, in *SearchUsersInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "SearchUsers", *in.DirectoryId, named{realm: in.Realm}), nil
}
