package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteConnection deletes a connection; API destinations that use it are
// INACTIVE then.
func (s *Service) DeleteConnection(ctx context.Context, in *eventbridge.DeleteConnectionInput) (*eventbridge.DeleteConnectionOutput, error) {
	var c *connection
	err := s.store.Update(ctx, func(tx *store.Tx) (err error) {
		if c, err = findConnection(tx, store.In(api.CallFrom(ctx).Place()), *in.Name); err != nil {
			return err
		}
		return connections.Delete(tx, c.scope(), c.Name)
	})
	if err != nil {
		return nil, err
	}
	s.tokens.drop(c.arn())
	return &eventbridge.DeleteConnectionOutput{
		ConnectionArn: new(c.arn()), ConnectionState: types.ConnectionStateDeleting, CreationTime: &c.Created, LastModifiedTime: &c.Modified, LastAuthorizedTime: when(c.Authorized),
	}, nil
}

func (s *Service) deleteConnectionChecks(ctx context.Context, in *eventbridge.DeleteConnectionInput) ([]api.Check, error) {
	return on(ctx, "events:DeleteConnection", "connection", in.Name)
}
