package directoryservicedata

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// ListUsers returns one page of a directory's users, by name.
func (s *Service) ListUsers(ctx context.Context, in *ListUsersInput) (*ListUsersOutput, error) {
	p, err := pageOf("ListUsers "+*in.DirectoryId, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &ListUsersOutput{DirectoryId: in.DirectoryId, Users: []UserSummary{}}
	err = s.read(ctx, *in.DirectoryId, []*string{in.Realm}, func(r directory.Roster, d directory.Domain) error {
		found, err := r.ListUsers(ctx, directory.Query{After: p.after, Limit: p.limit + 1})
		if err != nil {
			return refuse(err, subject{})
		}
		out.Realm, out.Users = &d.Name, []UserSummary{} // the function may run again
		found, out.NextToken = api.Cut(p.list, found, p.limit, func(u directory.Account) string { return u.SAMAccountName })
		for _, u := range found {
			out.Users = append(out.Users, UserSummary{
				Enabled: &u.Enabled, GivenName: text(u.GivenName), SAMAccountName: &u.SAMAccountName, SID: &u.SID, Surname: text(u.Surname),
			})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) listUsersChecks(ctx context.Context, in *ListUsersInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "ListUsers", *in.DirectoryId, named{realm: in.Realm}), nil
}
