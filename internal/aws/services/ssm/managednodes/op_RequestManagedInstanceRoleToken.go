package managednodes

import (
	"context"
	"crypto/subtle"
	"errors"
	"time"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

const (
	// sessionLife is how long a node's credentials last; agents renew them at
	// half of it.
	sessionLife = time.Hour
	// keyLife is the age at which a node is asked for a new key.
	keyLife = 30 * 24 * time.Hour
)

// RequestManagedInstanceRoleTokenInput is signed with the node's own key.
type RequestManagedInstanceRoleTokenInput struct{ Fingerprint *string }

// RequestManagedInstanceRoleTokenOutput holds credentials of the node's role.
type RequestManagedInstanceRoleTokenOutput struct {
	AccessKeyId, SecretAccessKey, SessionToken *string
	TokenExpirationDate                        *time.Time
	UpdateKeyPair                              bool // agents want it always there
}

// RequestManagedInstanceRoleToken gives a node the credentials of its role. A
// machine with another fingerprint is a copy, and refused.
func (s *Service) RequestManagedInstanceRoleToken(ctx context.Context, in *RequestManagedInstanceRoleTokenInput) (*RequestManagedInstanceRoleTokenOutput, error) {
	call := api.CallFrom(ctx)
	own, err := s.roleOf(ctx, call)
	if err != nil {
		return nil, err
	}
	var got Session
	rotate := false
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		row, err := ownNode(tx, call)
		if err != nil {
			return err
		}
		n := row.Record
		if subtle.ConstantTimeCompare([]byte(n.Fingerprint), []byte(*in.Fingerprint)) != 1 {
			return &smithy.GenericAPIError{Code: "MachineFingerprintDoesNotMatch", Message: "The fingerprint is not the one that this managed node registered."}
		}
		rotate = call.Time.Sub(n.KeySet) >= keyLife
		got, err = s.ports.Sessions.IssueNode(tx, row.Scope.Account, n.ID, own, sessionLife)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &RequestManagedInstanceRoleTokenOutput{
		AccessKeyId: &got.AccessKeyID, SecretAccessKey: &got.Secret, SessionToken: &got.SessionToken,
		TokenExpirationDate: &got.Expires, UpdateKeyPair: rotate,
	}, nil
}

// roleOf is the role of the calling node, as it is now.
func (s *Service) roleOf(ctx context.Context, call *api.Call) (Role, error) {
	var row store.Row[managedNode]
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		row, err = ownNode(tx, call)
		return err
	})
	if err != nil {
		return Role{}, err
	}
	found, err := s.role(ctx, row.Scope, row.Record.Role)
	if fault, ok := errors.AsType[*smithy.GenericAPIError](err); ok {
		return Role{}, &smithy.GenericAPIError{Code: "AccessDeniedException", Message: fault.Message}
	}
	return found, err
}

func (s *Service) requestManagedInstanceRoleTokenChecks(ctx context.Context, _ *RequestManagedInstanceRoleTokenInput) ([]api.Check, error) {
	return onNode(ctx, "ssm:RequestManagedInstanceRoleToken", api.CallFrom(ctx).Caller.Node), nil
}
