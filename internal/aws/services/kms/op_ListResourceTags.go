package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListResourceTags lists the tags of a key in the order of their keys.
func (s *Service) ListResourceTags(ctx context.Context, in *kms.ListResourceTagsInput) (*kms.ListResourceTagsOutput, error) {
	p, err := readPage("ListResourceTags", in.Marker, in.Limit, 50, 50)
	if err != nil {
		return nil, err
	}
	var k *Key
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		k, err = findKey(tx, api.CallFrom(ctx), *in.KeyId)
		return err
	})
	if err != nil {
		return nil, err
	}
	key := func(t types.Tag) string { return *t.TagKey }
	list, next := cut(p, "ListResourceTags", api.Behind(tagList(k.Tags), p.after, key), key)
	return &kms.ListResourceTagsOutput{Tags: list, NextMarker: next, Truncated: next != nil}, nil
}

func (s *Service) listResourceTagsChecks(ctx context.Context, in *kms.ListResourceTagsInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{action: "kms:ListResourceTags", home: true})
}
