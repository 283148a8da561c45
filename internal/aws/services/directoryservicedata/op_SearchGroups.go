package directoryservicedata

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// groupWords are the attributes of groups that have a parameter of their own.
var groupWords = map[string]string{"samaccountname": "sAMAccountName"}

// SearchGroups returns one page of the groups of which one of the attributes
// has the value that is searched for, by name.
func (s *Service) SearchGroups(ctx context.Context, in *SearchGroupsInput) (*SearchGroupsOutput, error) {
	p, err := pageOf("SearchGroups "+*in.DirectoryId, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	names, err := ofGroups.searched(in.SearchAttributes, groupWords)
	if err != nil {
		return nil, err
	}
	ask := func(r directory.Roster) ([]directory.Group, error) {
		return r.ListGroups(ctx, p.query(names, *in.SearchString))
	}
	of := listing{page: p, directoryID: *in.DirectoryId, realms: []*string{in.Realm}}
	l, err := list(ctx, s, of, ask, groupName, func(_ directory.Domain, g directory.Group) Group {
		return Group{
			DistinguishedName: text(g.DN), GroupScope: text(string(g.Scope)), GroupType: text(string(g.Kind)),
			OtherAttributes: ofGroups.among(names, g.Values), SAMAccountName: &g.SAMAccountName, SID: &g.SID,
		}
	})
	if err != nil {
		return nil, err
	}
	return &SearchGroupsOutput{DirectoryId: in.DirectoryId, Realm: l.realm, Groups: l.shown, NextToken: l.next}, nil
}

func (s *Service) searchGroupsChecks(ctx context.Context, in *SearchGroupsInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "SearchGroups", *in.DirectoryId, named{realm: in.Realm}), nil
}
