package workspaces

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeWorkspacesConnectionStatus tells of all desktops, or of those named,
// whether a user is connected and when one was last. Unknown ids are left out.
func (s *Service) DescribeWorkspacesConnectionStatus(ctx context.Context, in *workspaces.DescribeWorkspacesConnectionStatusInput) (*workspaces.DescribeWorkspacesConnectionStatusOutput, error) {
	const operation = "DescribeWorkspacesConnectionStatus"
	after, err := after(operation, in.NextToken)
	if err != nil {
		return nil, err
	}
	call := api.CallFrom(ctx)
	var found []*Desktop
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		page := store.Page{After: after, Limit: pageSize + 1} // one more tells whether there is a next page
		if len(in.WorkspaceIds) > 0 {
			found, err = desktopsByID(tx, store.In(call.Place()), in.WorkspaceIds, page)
			return err
		}
		found, err = desktopTable.List(tx, store.In(call.Place()), page)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &workspaces.DescribeWorkspacesConnectionStatusOutput{WorkspacesConnectionStatus: []types.WorkspaceConnectionStatus{}}
	if len(found) > pageSize {
		found = found[:pageSize]
		out.NextToken = new(api.Token(operation, found[pageSize-1].ID))
	}
	for _, d := range found {
		open := s.open.any(stream{store.In(call.Place()), d.ID})
		out.WorkspacesConnectionStatus = append(out.WorkspacesConnectionStatus, d.connection(open, call.Time))
	}
	return out, nil
}

// connection tells of one desktop; open is whether a stream of it is. Nothing
// is known of a desktop that does not run (API reference,
// WorkspaceConnectionStatus).
func (d *Desktop) connection(open bool, now time.Time) types.WorkspaceConnectionStatus {
	out := types.WorkspaceConnectionStatus{
		WorkspaceId: &d.ID, ConnectionState: types.ConnectionStateUnknown, ConnectionStateCheckTimestamp: &now,
	}
	switch {
	case open:
		out.ConnectionState = types.ConnectionStateConnected
	case d.State == Available:
		out.ConnectionState = types.ConnectionStateDisconnected
	}
	if !d.ConnectedAt.IsZero() {
		out.LastKnownUserConnectionTimestamp = &d.ConnectedAt
	}
	return out
}

func (s *Service) describeWorkspacesConnectionStatusChecks(context.Context, *workspaces.DescribeWorkspacesConnectionStatusInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeWorkspacesConnectionStatus"), nil
}
