package statemanager

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// DescribeInstanceAssociationsStatus lists how the associations of a node
// stand.
func (s *Service) DescribeInstanceAssociationsStatus(ctx context.Context, in *ssm.DescribeInstanceAssociationsStatusInput) (*ssm.DescribeInstanceAssociationsStatusOutput, error) {
	const operation = "DescribeInstanceAssociationsStatus"
	scope := store.In(api.CallFrom(ctx).Place())
	after, limit, err := paging.Place(operation, in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, err
	}
	out := &ssm.DescribeInstanceAssociationsStatusOutput{}
	err = s.st.View(ctx, func(tx *store.Tx) (err error) {
		out.InstanceAssociationStatusInfos = []types.InstanceAssociationStatusInfo{}
		out.NextToken, err = s.ofNode(tx, scope, operation, *in.InstanceId, after, limit, func(a *association, b *binding) error {
			out.InstanceAssociationStatusInfos = append(out.InstanceAssociationStatusInfos, b.show(a))
			return nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (b *binding) show(a *association) types.InstanceAssociationStatusInfo {
	info := types.InstanceAssociationStatusInfo{
		AssociationId: &a.ID, AssociationName: api.Optional(a.Name), AssociationVersion: decimal(b.Version), Name: &a.Document,
		DocumentVersion: a.shownVersion(), InstanceId: &b.Node, Status: new(broad(b.Details)), DetailedStatus: &b.Details,
		ErrorCode: api.Optional(b.ErrorCode), ExecutionSummary: api.Optional(b.Summary),
	}
	if !b.LastRun.IsZero() {
		info.ExecutionDate = &b.LastRun
	}
	if b.OutputURL != "" {
		info.OutputUrl = &types.InstanceAssociationOutputUrl{S3OutputUrl: &types.S3OutputUrl{OutputUrl: &b.OutputURL}}
	}
	return info
}

func (s *Service) describeInstanceAssociationsStatusChecks(ctx context.Context, in *ssm.DescribeInstanceAssociationsStatusInput) ([]api.Check, error) {
	return []api.Check{onInstance(ctx, "ssm:DescribeInstanceAssociationsStatus", *in.InstanceId)}, nil
}
