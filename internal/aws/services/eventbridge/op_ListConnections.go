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
	out := &eventbridge.ListConnectionsOutput{Connections: []types.Connection{}}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		out.Connections, out.NextToken = []types.Connection{}, nil
		list, err := connections.List(tx, store.In(api.CallFrom(ctx).Place()), store.Page{After: p.after})
		for _, c := range list {
			if !p.takes(c.Name, deref(in.NamePrefix)) || in.ConnectionState != "" && c.State != in.ConnectionState {
				continue
			}
			if p.full(len(out.Connections)) {
				out.NextToken = p.token(*out.Connections[len(out.Connections)-1].Name)
				break
			}
			out.Connections = append(out.Connections, types.Connection{
				ConnectionArn: new(c.arn()), Name: &c.Name, ConnectionState: c.State, StateReason: api.Optional(c.Reason), AuthorizationType: c.Kind,
				CreationTime: &c.Created, LastModifiedTime: &c.Modified, LastAuthorizedTime: when(c.Authorized),
			})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) listConnectionsChecks(context.Context, *eventbridge.ListConnectionsInput) ([]api.Check, error) {
	return api.OnAny("events:ListConnections"), nil
}
