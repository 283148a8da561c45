package directoryservicedata

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// DescribeGroup shows one group.
func (s *Service) DescribeGroup(ctx context.Context, in *DescribeGroupInput) (*DescribeGroupOutput, error) {
	var out *DescribeGroupOutput
	err := s.read(ctx, *in.DirectoryId, []*string{in.Realm}, func(r directory.Roster, d directory.Domain) error {
		g, err := r.Group(ctx, *in.SAMAccountName)
		if err != nil {
			return refuse(err, subject{group: *in.SAMAccountName})
		}
		further, err := ofGroups.show(in.OtherAttributes, g.Values)
		out = &DescribeGroupOutput{
			DirectoryId: &d.ID, Realm: &d.Name, DistinguishedName: text(g.DN), OtherAttributes: further,
			GroupScope: text(string(g.Scope)), GroupType: text(string(g.Kind)), SAMAccountName: &g.SAMAccountName, SID: &g.SID,
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) describeGroupChecks(ctx context.Context, in *DescribeGroupInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "DescribeGroup", *in.DirectoryId, named{name: in.SAMAccountName, realm: in.Realm}), nil
}
