package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListKeys lists the account's keys in the Region.
func (s *Service) ListKeys(ctx context.Context, in *kms.ListKeysInput) (*kms.ListKeysOutput, error) {
	p, err := readPage("ListKeys", in.Marker, in.Limit, 100, 1000)
	if err != nil {
		return nil, err
	}
	var list []*Key
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = keys.List(tx, store.In(api.CallFrom(ctx).Place()), p.ask())
		return err
	})
	if err != nil {
		return nil, err
	}
	list, next := cut(p, "ListKeys", list, func(k *Key) string { return k.ID })
	out := &kms.ListKeysOutput{Keys: []types.KeyListEntry{}, NextMarker: next, Truncated: next != nil}
	for _, k := range list {
		out.Keys = append(out.Keys, types.KeyListEntry{KeyId: &k.ID, KeyArn: new(k.ARN())})
	}
	return out, nil
}

func (s *Service) listKeysChecks(ctx context.Context, _ *kms.ListKeysInput) ([]api.Check, error) {
	return onAll(api.CallFrom(ctx), "kms:ListKeys", nil, nil), nil
}
