package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListAliases lists the aliases of the account in the Region, or of one key.
func (s *Service) ListAliases(ctx context.Context, in *kms.ListAliasesInput) (*kms.ListAliasesOutput, error) {
	p, err := readPage("ListAliases", in.Marker, in.Limit, 50, 100)
	if err != nil {
		return nil, err
	}
	call := api.CallFrom(ctx)
	sc := store.In(call.Place())
	var list []*Alias
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		if in.KeyId == nil {
			list, err = aliases.List(tx, sc, p.ask())
			return err
		}
		k, err := findKey(tx, call, *in.KeyId)
		if err != nil {
			return err
		}
		if k.Account != call.Account {
			return noSuchKey(k.ARN())
		}
		list, err = aliases.By(tx, sc, "key", k.ID, p.ask())
		return err
	})
	if err != nil {
		return nil, err
	}
	list, next := cut(p, "ListAliases", list, func(a *Alias) string { return a.Name })
	out := &kms.ListAliasesOutput{Aliases: []types.AliasListEntry{}, NextMarker: next, Truncated: next != nil}
	for _, a := range list {
		out.Aliases = append(out.Aliases, a.entry(sc))
	}
	return out, nil
}

func (s *Service) listAliasesChecks(ctx context.Context, _ *kms.ListAliasesInput) ([]api.Check, error) {
	return onAll(api.CallFrom(ctx), "kms:ListAliases", nil, nil), nil
}
