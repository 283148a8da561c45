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
	ask := func(r directory.Roster) ([]directory.Account, error) { return r.ListUsers(ctx, p.query(nil, "")) }
	of := listing{page: p, directoryID: *in.DirectoryId, realms: []*string{in.Realm}}
	l, err := list(ctx, s, of, ask, userName, func(_ directory.Domain, u directory.Account) UserSummary {
		return UserSummary{
			Enabled: &u.Enabled, GivenName: text(u.GivenName), SAMAccountName: &u.SAMAccountName, SID: &u.SID, Surname: text(u.Surname),
		}
	})
	if err != nil {
		return nil, err
	}
	return &ListUsersOutput{DirectoryId: in.DirectoryId, Realm: l.realm, Users: l.shown, NextToken: l.next}, nil
}

func (s *Service) listUsersChecks(ctx context.Context, in *ListUsersInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "ListUsers", *in.DirectoryId, named{realm: in.Realm}), nil
}
