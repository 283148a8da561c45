package eventbridge

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateConnection keeps how requests to endpoints prove who they come from.
func (s *Service) CreateConnection(ctx context.Context, in *eventbridge.CreateConnectionInput) (*eventbridge.CreateConnectionOutput, error) {
	if in.InvocationConnectivityParameters != nil || in.KmsKeyIdentifier != nil {
		return nil, invalid("Private endpoints and keys of connections are not available here.")
	}
	k, err := newCredentials(in.AuthorizationType, in.AuthParameters)
	if err != nil {
		return nil, err
	}
	call := api.CallFrom(ctx)
	c := &connection{
		Name: *in.Name, ID: s.ids.UUID(), Account: call.Account, Region: call.Region, Description: in.Description, Kind: in.AuthorizationType, Created: call.Time,
	}
	c.authorized(call.Time)
	if err := s.hold(c, k); err != nil {
		return nil, err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if _, err := connections.Get(tx, c.scope(), c.Name); !errors.Is(err, store.ErrNotFound) {
			if err == nil {
				err = &types.ResourceAlreadyExistsException{Message: new("Connection " + c.Name + " already exists.")}
			}
			return err
		}
		all, err := connections.List(tx, c.scope(), store.Page{Limit: mostConnections})
		if err != nil {
			return err
		}
		if len(all) == mostConnections {
			return &types.LimitExceededException{Message: new("The account has as many connections as it can have.")}
		}
		return connections.Put(tx, c.scope(), c)
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.CreateConnectionOutput{ConnectionArn: new(c.arn()), ConnectionState: c.State, CreationTime: &c.Created, LastModifiedTime: &c.Modified}, nil
}

func (s *Service) createConnectionChecks(ctx context.Context, in *eventbridge.CreateConnectionInput) ([]api.Check, error) {
	return on(ctx, "events:CreateConnection", "connection", in.Name)
}
