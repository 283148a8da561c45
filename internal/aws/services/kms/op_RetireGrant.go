package kms

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// RetireGrant ends a grant at the word of those whom the grant itself names.
func (s *Service) RetireGrant(ctx context.Context, in *kms.RetireGrantInput) (*kms.RetireGrantOutput, error) {
	n, err := s.retiring(api.CallFrom(ctx), in)
	if err != nil {
		return nil, err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		return endGrant(tx, store.In(n.Account, n.Region), n.Key, n.Grant, in.DryRun)
	})
	if err != nil {
		return nil, err
	}
	return &kms.RetireGrantOutput{}, nil
}

// retiring reads which grant a request means: by its token, or by key and id.
func (s *Service) retiring(call *api.Call, in *kms.RetireGrantInput) (grantToken, error) {
	if in.GrantToken != nil {
		if in.KeyId != nil || in.GrantId != nil {
			return grantToken{}, invalid("Specify either a grant token, or a key ARN and a grant ID, but not both.")
		}
		t, err := s.readToken(*in.GrantToken)
		if err == nil && t.Region != call.Region {
			return t, notFound("Invalid arn " + t.Region)
		}
		return t, err
	}
	if in.KeyId == nil || in.GrantId == nil {
		return grantToken{}, invalid("Specify either a grant token, or a key ARN and a grant ID.")
	}
	n, err := parse(call, *in.KeyId)
	if err == nil && n.alias != "" {
		err = notFound("Invalid keyId '" + *in.KeyId + "'")
	}
	return grantToken{n.scope.Account, n.scope.Region, n.id, *in.GrantId}, err
}

// retireGrantChecks asks the grant first: its retiring principal may, its
// grantee if the grant says so, and the root of the account that made it.
// Others need kms:RetireGrant, which key policies alone do not give.
// Source: AWS KMS Developer Guide, "Retiring and revoking grants".
func (s *Service) retireGrantChecks(ctx context.Context, in *kms.RetireGrantInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	n, err := s.retiring(call, in)
	if err != nil {
		return onAll(call, "kms:RetireGrant", nil, nil), nil //nolint:nilerr // the operation says what is wrong
	}
	sc := store.In(n.Account, n.Region)
	c := api.Check{Action: "kms:RetireGrant", Resource: keyARN(sc, n.Key), Keys: ask{}.allKeys(call, nil), Sets: ask{}.allSets()}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		k, err := keys.Get(tx, sc, n.Key)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		c.Tags, c.Owner, c.Policy, c.Keys = k.Tags, k.Account, k.Policy, ask{}.allKeys(call, k)
		g, err := grants.Get(tx, sc, n.Key+"/"+n.Grant)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			c.Granted = g.retirableBy(&call.Caller)
		}
		return err
	})
	return []api.Check{c}, err
}

func (g *Grant) retirableBy(c *api.Caller) bool {
	who := principalsOf(c)
	return slices.Contains(who, g.Retiring) || slices.Contains(who, g.Issuer) ||
		slices.Contains(who, g.Grantee) && slices.Contains(g.Operations, types.GrantOperationRetireGrant)
}
