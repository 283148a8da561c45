package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// TagResource sets tags of a key.
func (s *Service) TagResource(ctx context.Context, in *kms.TagResourceInput) (*kms.TagResourceOutput, error) {
	tags, err := newTags(in.Tags)
	if err != nil {
		return nil, err
	}
	_, err = s.change(ctx, *in.KeyId, func(_ *store.Tx, k *Key) error { return asState(k.tag(tags, nil), k) })
	if err != nil {
		return nil, err
	}
	return &kms.TagResourceOutput{}, nil
}

func (s *Service) tagResourceChecks(ctx context.Context, in *kms.TagResourceInput) ([]api.Check, error) {
	keys, sets := tagKeys(plainTags(in.Tags))
	return s.on(ctx, text(in.KeyId), ask{action: "kms:TagResource", home: true, keys: keys, sets: sets})
}
