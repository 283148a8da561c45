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
	out := &SearchGroupsOutput{DirectoryId: in.DirectoryId}
	q := directory.Query{After: p.after, Limit: p.limit + 1, Attributes: names, Value: *in.SearchString}
	err = s.read(ctx, *in.DirectoryId, []*string{in.Realm}, func(r directory.Roster, d directory.Domain) error {
		found, err := r.ListGroups(ctx, q)
		if err != nil {
			return refuse(err, subject{})
		}
		out.Realm, out.Groups = &d.Name, []Group{} // the function may run again
		found, out.NextToken = api.Cut(p.list, found, p.limit, func(g directory.Group) string { return g.SAMAccountName })
		for _, g := range found {
			out.Groups = append(out.Groups, Group{
				DistinguishedName: text(g.DN), GroupScope: text(string(g.Scope)), GroupType: text(string(g.Kind)),
				OtherAttributes: ofGroups.among(names, g.Values), SAMAccountName: &g.SAMAccountName, SID: &g.SID,
			})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) searchGroupsChecks(ctx context.Context, in *SearchGroupsInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "SearchGroups", *in.DirectoryId, named{realm: in.Realm}), nil
}
