package directoryservicedata

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// ListGroups returns one page of a directory's groups, by name.
func (s *Service) ListGroups(ctx context.Context, in *ListGroupsInput) (*ListGroupsOutput, error) {
	p, err := pageOf("ListGroups "+*in.DirectoryId, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &ListGroupsOutput{DirectoryId: in.DirectoryId}
	err = s.read(ctx, *in.DirectoryId, []*string{in.Realm}, func(r directory.Roster, d directory.Domain) error {
		found, err := r.ListGroups(ctx, directory.Query{After: p.after, Limit: p.limit + 1})
		if err != nil {
			return refuse(err, subject{})
		}
		out.Realm = &d.Name
		out.Groups, out.NextToken = summaries(p, found)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// summaries are groups in a list, and the token of the next page.
func summaries(p page, found []directory.Group) ([]GroupSummary, *string) {
	found, next := api.Cut(p.list, found, p.limit, func(g directory.Group) string { return g.SAMAccountName })
	out := []GroupSummary{}
	for _, g := range found {
		out = append(out, GroupSummary{
			GroupScope: text(string(g.Scope)), GroupType: text(string(g.Kind)), SAMAccountName: &g.SAMAccountName, SID: &g.SID,
		})
	}
	return out, next
}

func (s *Service) listGroupsChecks(ctx context.Context, in *ListGroupsInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "ListGroups", *in.DirectoryId, named{realm: in.Realm}), nil
}
