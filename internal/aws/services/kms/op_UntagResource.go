package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UntagResource removes tags of a key; tags that it has not are no error.
func (s *Service) UntagResource(ctx context.Context, in *kms.UntagResourceInput) (*kms.UntagResourceOutput, error) {
	for _, key := range in.TagKeys {
		if err := checkTagKey(key); err != nil {
			return nil, err
		}
	}
	_, err := s.change(ctx, *in.KeyId, func(_ *store.Tx, k *Key) error { return asState(k.tag(nil, in.TagKeys), k) })
	if err != nil {
		return nil, err
	}
	return &kms.UntagResourceOutput{}, nil
}

func (s *Service) untagResourceChecks(ctx context.Context, in *kms.UntagResourceInput) ([]api.Check, error) {
	a := ask{action: "kms:UntagResource", home: true}
	if len(in.TagKeys) > 0 {
		a.sets = map[string][]string{"aws:TagKeys": in.TagKeys}
	}
	return s.on(ctx, text(in.KeyId), a)
}
