package house

import (
	"context"
	"crypto/rsa"
	"errors"
	"strings"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/iam"
	"tamachi/internal/aws/services/ssm"
	"tamachi/internal/aws/services/sts"
	"tamachi/internal/aws/sigv4"
)

// keys answers the verifier of signatures from the rooms that keep keys.
type keys struct {
	iam *iam.Service
	sts *sts.Service
	ssm *ssm.Service
}

var _ sigv4.Keys = keys{}

// Key finds a long-term key in the iam room, and any other in the sts room.
func (k keys) Key(ctx context.Context, accessKeyID string) (sigv4.Key, error) {
	if strings.HasPrefix(accessKeyID, "AKIA") {
		c, err := k.iam.Key(ctx, accessKeyID)
		if errors.Is(err, iam.ErrUnknownKey) {
			return sigv4.Key{}, sigv4.ErrUnknownKey
		}
		return sigv4.Key{Secret: c.Secret, Caller: c.Caller}, err
	}
	c, err := k.sts.Key(ctx, accessKeyID)
	if errors.Is(err, sts.ErrUnknownKey) {
		return sigv4.Key{}, sigv4.ErrUnknownKey
	}
	if err != nil {
		return sigv4.Key{}, err
	}
	return sigv4.Key{Secret: c.Secret, SessionToken: c.SessionToken, Expires: c.Expires, Caller: c.Caller}, nil
}

// NodeKey finds the public key of a managed node in the ssm wing.
func (k keys) NodeKey(ctx context.Context, nodeID string) (*rsa.PublicKey, api.Caller, error) {
	key, caller, err := k.ssm.NodeKey(ctx, nodeID)
	if errors.Is(err, ssm.ErrUnknownNode) {
		return nil, api.Caller{}, sigv4.ErrUnknownKey
	}
	return key, caller, err
}
