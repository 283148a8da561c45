package workspaces

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeClientProperties shows what clients of directories' users may do.
func (s *Service) DescribeClientProperties(ctx context.Context, in *workspaces.DescribeClientPropertiesInput) (*workspaces.DescribeClientPropertiesOutput, error) {
	sc := store.In(api.CallFrom(ctx).Place())
	out := &workspaces.DescribeClientPropertiesOutput{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		out.ClientPropertiesList = []types.ClientPropertiesResult{}
		for _, id := range in.ResourceIds {
			d, err := findDirectory(tx, sc, id)
			if err != nil {
				return err
			}
			out.ClientPropertiesList = append(out.ClientPropertiesList, types.ClientPropertiesResult{
				ResourceId: &id, ClientProperties: &types.ClientProperties{
					ReconnectEnabled: types.ReconnectEnum(cmp.Or(d.Settings.Reconnect, string(types.ReconnectEnumDisabled))),
					LogUploadEnabled: types.LogUploadEnumDisabled,
				},
			})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) describeClientPropertiesChecks(ctx context.Context, in *workspaces.DescribeClientPropertiesInput) ([]api.Check, error) {
	var checks []api.Check
	for _, id := range in.ResourceIds {
		c, err := s.onDirectory(ctx, "workspaces:DescribeClientProperties", &id)
		if err != nil {
			return nil, err
		}
		checks = append(checks, c...)
	}
	return checks, nil
}
