package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateConnection changes a connection; what is not given stays, unless the
// kind of authorization changes.
func (s *Service) UpdateConnection(ctx context.Context, in *eventbridge.UpdateConnectionInput) (*eventbridge.UpdateConnectionOutput, error) {
	if in.InvocationConnectivityParameters != nil || in.KmsKeyIdentifier != nil {
		return nil, invalid("Private endpoints and keys of connections are not available here.")
	}
	now := api.CallFrom(ctx).Time
	c, err := s.changeConnection(ctx, *in.Name, func(_ *store.Tx, c *connection) error {
		if in.Description != nil {
			c.Description = in.Description
		}
		k, err := s.renewed(c, in)
		if err != nil {
			return err
		}
		if in.AuthorizationType != "" {
			c.Kind = in.AuthorizationType
		}
		c.Modified = now
		if in.AuthParameters == nil {
			return nil
		}
		c.authorized(now)
		return s.hold(c, k)
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.UpdateConnectionOutput{
		ConnectionArn: new(c.arn()), ConnectionState: c.State, CreationTime: &c.Created, LastModifiedTime: &c.Modified, LastAuthorizedTime: when(c.Authorized),
	}, nil
}

// renewed are the credentials of a connection after an update.
func (s *Service) renewed(c *connection, in *eventbridge.UpdateConnectionInput) (*credentials, error) {
	other := in.AuthorizationType != "" && in.AuthorizationType != c.Kind
	switch {
	case in.AuthParameters == nil && other:
		return nil, invalid("AuthParameters are required with another AuthorizationType.")
	case in.AuthParameters == nil:
		return nil, nil
	case other || len(c.Sealed) == 0:
		kind := c.Kind
		if other {
			kind = in.AuthorizationType
		}
		return newCredentials(kind, whole(in.AuthParameters))
	}
	k, err := s.credentials(c)
	if err != nil {
		return nil, err
	}
	return k, k.changed(in.AuthParameters)
}

func (s *Service) updateConnectionChecks(ctx context.Context, in *eventbridge.UpdateConnectionInput) ([]api.Check, error) {
	return on(ctx, "events:UpdateConnection", "connection", in.Name)
}
