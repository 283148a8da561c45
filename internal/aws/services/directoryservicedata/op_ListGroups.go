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
	ask := func(r directory.Roster) ([]directory.Group, error) { return r.ListGroups(ctx, p.query(nil, "")) }
	of := listing{page: p, directoryID: *in.DirectoryId, realms: []*string{in.Realm}}
	l, err := list(ctx, s, of, ask, groupName, summary)
	if err != nil {
		return nil, err
	}
	return &ListGroupsOutput{DirectoryId: in.DirectoryId, Realm: l.realm, Groups: l.shown, NextToken: l.next}, nil
}

// summary is a group in a list.
func summary(_ directory.Domain, g directory.Group) GroupSummary {
	return GroupSummary{
		GroupScope: text(string(g.Scope)), GroupType: text(string(g.Kind)), SAMAccountName: &g.SAMAccountName, SID: &g.SID,
	}
}

func (s *Service) listGroupsChecks(ctx context.Context, in *ListGroupsInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "ListGroups", *in.DirectoryId, named{realm: in.Realm}), nil
}
