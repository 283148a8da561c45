package statemanager

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeInstanceAssociationsStatus lists how the associations of a node
// stand.
func (s *Service) DescribeInstanceAssociationsStatus(ctx context.Context, in *ssm.DescribeInstanceAssociationsStatusInput) (*ssm.DescribeInstanceAssociationsStatusOutput, error) {
	p := ofNode{"DescribeInstanceAssociationsStatus", *in.InstanceId, in.NextToken, in.MaxResults, 50}
	shown, next, err := bound(ctx, s, p, func(_ *store.Tx, a *association, b *binding) (types.InstanceAssociationStatusInfo, error) {
		return b.show(a), nil
	})
	if err != nil {
		return nil, err
	}
	return &ssm.DescribeInstanceAssociationsStatusOutput{InstanceAssociationStatusInfos: shown, NextToken: next}, nil
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
