package kms

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListGrants lists the grants of a key.
func (s *Service) ListGrants(ctx context.Context, in *kms.ListGrantsInput) (*kms.ListGrantsOutput, error) {
	p, err := readPage("ListGrants", in.Marker, in.Limit, 50, 100)
	if err != nil {
		return nil, err
	}
	var k *Key
	var list []*Grant
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		if k, err = findKey(tx, api.CallFrom(ctx), *in.KeyId); err != nil {
			return err
		}
		if err := k.kept(); err != nil {
			return err
		}
		list, err = listed(tx, k, in, p)
		return err
	})
	if err != nil {
		return nil, err
	}
	list, next := cut(p, "ListGrants", list, func(g *Grant) string { return g.Key + "/" + g.ID })
	out := &kms.ListGrantsOutput{Grants: []types.GrantListEntry{}, NextMarker: next, Truncated: next != nil}
	for _, g := range list {
		out.Grants = append(out.Grants, g.entry(k.scope()))
	}
	return out, nil
}

// listed are the grants that a request's filters leave.
func listed(tx *store.Tx, k *Key, in *kms.ListGrantsInput, p page) ([]*Grant, error) {
	if in.GrantId != nil {
		g, err := grants.Get(tx, k.scope(), k.ID+"/"+*in.GrantId)
		if errors.Is(err, store.ErrNotFound) || err == nil && in.GranteePrincipal != nil && g.Grantee != *in.GranteePrincipal {
			return nil, nil
		}
		return []*Grant{g}, err
	}
	if in.GranteePrincipal != nil {
		return grants.By(tx, k.scope(), "grantee", k.ID+" "+*in.GranteePrincipal, p.ask())
	}
	return grants.By(tx, k.scope(), "key", k.ID, p.ask())
}

func (s *Service) listGrantsChecks(ctx context.Context, in *kms.ListGrantsInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{action: "kms:ListGrants"})
}
