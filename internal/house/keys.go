package house

import (
	"context"
	"crypto/rsa"
	"errors"
	"regexp"
	"strings"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/iam"
	"tamachi/internal/aws/services/organizations"
	"tamachi/internal/aws/services/ssm"
	"tamachi/internal/aws/services/sts"
	"tamachi/internal/aws/sigv4"
	"tamachi/internal/config"
)

// keys answers the verifier of signatures from the rooms that keep keys.
type keys struct {
	iam *iam.Service
	sts *sts.Service
	ssm *ssm.Service
	org *organizations.Service
}

var _ sigv4.Keys = keys{}

// Key finds a long-term key in the iam room, and any other in the sts room.
// Those of a closed account are unknown.
func (k keys) Key(ctx context.Context, accessKeyID string) (sigv4.Key, error) {
	found, err := k.find(ctx, accessKeyID)
	if err != nil {
		return sigv4.Key{}, err
	}
	return found, k.open(ctx, found.Caller.Account)
}

// open fails for an account that was closed.
func (k keys) open(ctx context.Context, account string) error {
	closed, err := k.org.Closed(ctx, account)
	if closed {
		return sigv4.ErrUnknownKey
	}
	return err
}

func (k keys) find(ctx context.Context, accessKeyID string) (sigv4.Key, error) {
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
	if c.Caller.Node != "" { // a node that was deregistered is cut off at once
		there, err := k.ssm.Registered(ctx, c.Caller.Account, "", c.Caller.Node)
		if err != nil {
			return sigv4.Key{}, err
		}
		if !there {
			return sigv4.Key{}, sigv4.ErrUnknownKey
		}
	}
	return sigv4.Key{Secret: c.Secret, SessionToken: c.SessionToken, Expires: c.Expires, Caller: c.Caller}, nil
}

// verifier checks signatures; a lab's does not.
func (h *House) verifier() *sigv4.Verifier {
	k := keys{h.rooms.iam, h.rooms.sts, h.rooms.fleet.ssm, h.rooms.accounts}
	if h.o.Config.Lab {
		return sigv4.NewTrusting(labKeys{k}, h.o.Clock, config.Region)
	}
	return sigv4.New(k, h.o.Clock, config.Region)
}

// labKeys makes every key of a lab somebody: one that the lab issued is that
// user or session, twelve digits are the root of that account, and anything
// else is the root of labAccount.
type labKeys struct{ keys }

// Key finds whom a key stands for.
func (k labKeys) Key(ctx context.Context, accessKeyID string) (sigv4.Key, error) {
	key, err := k.keys.Key(ctx, accessKeyID)
	if errors.Is(err, sigv4.ErrUnknownKey) {
		account := labAccount
		if digits.MatchString(accessKeyID) {
			account = accessKeyID
		}
		key, err = sigv4.Key{Caller: rootOf(account, accessKeyID)}, nil
	}
	return key, err
}

var digits = regexp.MustCompile(`^[0-9]{12}$`)

func rootOf(account, key string) api.Caller {
	return api.Caller{
		Type: api.Root, Account: account, Name: "root", UserID: account, AccessKeyID: key,
		ARN: arn.New("iam", "", account, "root").String(),
	}
}

// NodeKey finds the public key of a managed node in the ssm wing.
func (k keys) NodeKey(ctx context.Context, nodeID string) (*rsa.PublicKey, api.Caller, error) {
	key, caller, err := k.ssm.NodeKey(ctx, nodeID)
	if errors.Is(err, ssm.ErrUnknownNode) {
		return nil, api.Caller{}, sigv4.ErrUnknownKey
	}
	if err == nil {
		err = k.open(ctx, caller.Account)
	}
	return key, caller, err
}
