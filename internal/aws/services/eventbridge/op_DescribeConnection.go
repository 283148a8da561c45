package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeConnection shows a connection, without what is secret of it.
func (s *Service) DescribeConnection(ctx context.Context, in *eventbridge.DescribeConnectionInput) (*eventbridge.DescribeConnectionOutput, error) {
	var c *connection
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		c, err = findConnection(tx, store.In(api.CallFrom(ctx).Place()), *in.Name)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &eventbridge.DescribeConnectionOutput{
		ConnectionArn: new(c.arn()), Name: &c.Name, Description: c.Description, ConnectionState: c.State, StateReason: api.Optional(c.Reason), AuthorizationType: c.Kind,
		CreationTime: &c.Created, LastModifiedTime: &c.Modified, LastAuthorizedTime: when(c.Authorized),
	}
	if len(c.Sealed) > 0 {
		k, err := s.credentials(c)
		if err != nil {
			return nil, err
		}
		out.AuthParameters = k.describe(c.Kind)
	}
	return out, nil
}

func (s *Service) describeConnectionChecks(ctx context.Context, in *eventbridge.DescribeConnectionInput) ([]api.Check, error) {
	return on(ctx, "events:DescribeConnection", "connection", in.Name)
}
