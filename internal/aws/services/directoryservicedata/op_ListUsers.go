package directoryservicedata

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// mostUsers is a page without MaxResults: the most that the model allows.
const mostUsers = 250

// ListUsers returns one page of a directory's users, by name.
func (s *Service) ListUsers(ctx context.Context, in *ListUsersInput) (*ListUsersOutput, error) {
	call := api.CallFrom(ctx)
	sc := store.Scope{Account: call.Account, Region: call.Region}
	limit := mostUsers
	if in.MaxResults != nil {
		limit = int(*in.MaxResults)
	}
	page := store.Page{Limit: limit + 1} // one more tells whether there is a next page
	if in.NextToken != nil {
		after, ok := api.After(listing(*in.DirectoryId), *in.NextToken)
		if !ok {
			return nil, invalid(reasonToken, "The NextToken is not one of this list.")
		}
		page.After = after
	}
	var d directory.Domain
	var found []*user
	err := s.st.View(ctx, func(tx *store.Tx) error {
		var err error
		if d, err = s.realm(tx, sc, *in.DirectoryId, in.Realm); err != nil {
			return err
		}
		found, err = users.By(tx, sc, "directory", d.ID, page)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &ListUsersOutput{DirectoryId: in.DirectoryId, Realm: &d.Name, Users: []UserSummary{}}
	if len(found) > limit {
		found = found[:limit]
		token := api.Token(listing(d.ID), users.Key(found[limit-1]))
		out.NextToken = &token
	}
	for _, u := range found {
		out.Users = append(out.Users, UserSummary{
			Enabled: &u.Enabled, GivenName: text(u.GivenName), SAMAccountName: &u.Name, SID: &u.SID, Surname: text(u.Surname),
		})
	}
	return out, nil
}

// listing names a directory's list in its tokens, so that the token of one is
// refused by another.
func listing(directoryID string) string { return "ListUsers " + directoryID }

func (s *Service) listUsersChecks(ctx context.Context, in *ListUsersInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "ListUsers", *in.DirectoryId), nil
}
