package tamachi

import (
	"context"
	"fmt"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeDesktopSessionInput names a session.
type DescribeDesktopSessionInput struct {
	SessionId *string
}

// DescribeDesktopSessionOutput is the session.
type DescribeDesktopSessionOutput struct {
	Session *DesktopSession
}

// DescribeDesktopSession tells of one session.
func (s *Service) DescribeDesktopSession(ctx context.Context, in *DescribeDesktopSessionInput) (*DescribeDesktopSessionOutput, error) {
	call := api.CallFrom(ctx)
	var d *deskSession
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		d, err = bySession(tx, store.In(call.Place()), *in.SessionId)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look up session %s: %w", *in.SessionId, err)
	}
	if d == nil {
		return nil, noSession()
	}
	out := d.outward(call.Time)
	return &DescribeDesktopSessionOutput{Session: &out}, nil
}

func noSession() error {
	return &smithy.GenericAPIError{Code: "ResourceNotFoundException", Message: "The specified session cannot be found."}
}

func (s *Service) describeDesktopSessionChecks(context.Context, *DescribeDesktopSessionInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeWorkspacesConnectionStatus"), nil
}
