package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeWorkspaceSnapshots tells what a desktop can be restored to: the last
// snapshot of both volumes. A rebuild needs none, it keeps the user volume as
// it is.
func (s *Service) DescribeWorkspaceSnapshots(ctx context.Context, in *workspaces.DescribeWorkspaceSnapshotsInput) (*workspaces.DescribeWorkspaceSnapshotsOutput, error) {
	var d *Desktop
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		d, err = findDesktop(tx, store.In(api.CallFrom(ctx).Place()), text(in.WorkspaceId))
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &workspaces.DescribeWorkspaceSnapshotsOutput{RebuildSnapshots: []types.Snapshot{}, RestoreSnapshots: []types.Snapshot{}}
	if !d.KeptAt.IsZero() {
		out.RestoreSnapshots = append(out.RestoreSnapshots, types.Snapshot{SnapshotTime: &d.KeptAt})
	}
	return out, nil
}

func (s *Service) describeWorkspaceSnapshotsChecks(ctx context.Context, in *workspaces.DescribeWorkspaceSnapshotsInput) ([]api.Check, error) {
	return s.checkEach(ctx, "workspaces:DescribeWorkspaceSnapshots", []string{text(in.WorkspaceId)})
}
