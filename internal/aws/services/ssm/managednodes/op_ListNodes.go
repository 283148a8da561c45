package managednodes

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// ListNodes lists managed nodes with what is known of each; with the name of a
// resource data sync, those of all its Regions.
func (s *Service) ListNodes(ctx context.Context, in *ssm.ListNodesInput) (*ssm.ListNodesOutput, error) {
	const operation = "ListNodes"
	filters, err := memberFilters(in.Filters)
	if err != nil {
		return nil, err
	}
	after, limit, err := paging.Place(operation, in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, err
	}
	out := &ssm.ListNodesOutput{}
	scope := store.In(api.CallFrom(ctx).Place())
	own, err := s.unitOf(ctx, scope.Account)
	if err != nil {
		return nil, err
	}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		out.Nodes, out.NextToken = []types.Node{}, nil
		last := ""
		more, err := s.members(tx, scope, own, in.SyncName, after, filters, func(m member) bool {
			if len(out.Nodes) == limit {
				return false
			}
			out.Nodes, last = append(out.Nodes, m.show()), m.scope.Region+"/"+m.ID
			return true
		})
		if more {
			out.NextToken = text(api.Token(operation, last))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (m member) show() types.Node {
	return types.Node{
		Id: &m.ID, Region: &m.scope.Region, CaptureTime: &m.LastPing,
		Owner: &types.NodeOwnerInfo{
			AccountId: &m.scope.Account, OrganizationalUnitId: api.Optional(m.unit.id), OrganizationalUnitPath: api.Optional(m.unit.path),
		},
		NodeType: &types.NodeTypeMemberInstance{Value: types.InstanceInfo{
			AgentType: api.Optional(m.of("AgentType")), AgentVersion: api.Optional(m.AgentVersion), ComputerName: api.Optional(m.ComputerName),
			InstanceStatus: api.Optional(m.of("InstanceStatus")), IpAddress: api.Optional(m.IPAddress),
			ManagedStatus: types.ManagedStatus(m.of("ManagedStatus")), PlatformType: types.PlatformType(m.PlatformType),
			PlatformName: api.Optional(m.PlatformName), PlatformVersion: api.Optional(m.PlatformVersion), ResourceType: types.ResourceType(m.of("ResourceType")),
		}},
	}
}

func (s *Service) listNodesChecks(context.Context, *ssm.ListNodesInput) ([]api.Check, error) {
	return api.OnAny("ssm:ListNodes"), nil
}
