package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListConnections lists connections in the order of their names.
func (s *Service) ListConnections(ctx context.Context, in *eventbridge.ListConnectionsInput) (*eventbridge.ListConnectionsOutput, error) {
	p, err := pageAt("ListConnections", in.NextToken, in.Limit)
	if err != nil {
		return nil, err
	}
	shown, next, err := listNamed(ctx, s, p, &connections, in.NamePrefix, func(_ *store.Tx, c *connection) (types.Connection, bool, error) {
		return types.Connection{
			ConnectionArn: new(c.arn()), Name: &c.Name, ConnectionState: c.State, StateReason: api.Optional(c.Reason), AuthorizationType: c.Kind,
			CreationTime: &c.Created, LastModifiedTime: &c.Modified, LastAuthorizedTime: when(c.Authorized),
		}, in.ConnectionState == "" || c.State == in.ConnectionState, nil
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.ListConnectionsOutput{Connections: shown, NextToken: next}, nil
}

func (s *Service) listConnectionsChecks(context.Context, *eventbridge.ListConnectionsInput) ([]api.Check, error) {
	return api.OnAny("events:ListConnections"), nil
}
