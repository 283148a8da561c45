package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeauthorizeConnection forgets what a connection proves itself by.
func (s *Service) DeauthorizeConnection(ctx context.Context, in *eventbridge.DeauthorizeConnectionInput) (*eventbridge.DeauthorizeConnectionOutput, error) {
	now := api.CallFrom(ctx).Time
	c, err := s.changeConnection(ctx, *in.Name, func(_ *store.Tx, c *connection) error {
		c.State, c.Reason, c.Sealed, c.Modified = types.ConnectionStateDeauthorized, "", nil, now
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.DeauthorizeConnectionOutput{
		ConnectionArn: new(c.arn()), ConnectionState: c.State, CreationTime: &c.Created, LastModifiedTime: &c.Modified, LastAuthorizedTime: when(c.Authorized),
	}, nil
}

func (s *Service) deauthorizeConnectionChecks(ctx context.Context, in *eventbridge.DeauthorizeConnectionInput) ([]api.Check, error) {
	return on(ctx, "events:DeauthorizeConnection", "connection", in.Name)
}
