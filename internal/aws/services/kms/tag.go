package kms

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// maxTags is how many tags a key may have.
const maxTags = 50

func tagError(text string) error { return &types.TagException{Message: &text} }

// newTags reads the tags of a request.
func newTags(given []types.Tag) (map[string]string, error) {
	tags := make(map[string]string, len(given))
	for _, t := range given {
		key := text(t.TagKey)
		if err := checkTagKey(key); err != nil {
			return nil, err
		}
		if _, twice := tags[key]; twice {
			return nil, tagError("Duplicate tag keys")
		}
		tags[key] = text(t.TagValue)
	}
	return tags, tooManyTags(tags)
}

func checkTagKey(key string) error {
	if strings.HasPrefix(strings.ToLower(key), "aws:") {
		return tagError("Tags beginning with aws: are reserved")
	}
	return nil
}

func tooManyTags(tags map[string]string) error {
	if len(tags) > maxTags {
		return tagError("Too many tags")
	}
	return nil
}

// retag changes the tags of the key.
func (k *Key) retag(set map[string]string, remove []string) error {
	tags := maps.Clone(k.Tags)
	if tags == nil {
		tags = map[string]string{}
	}
	maps.Copy(tags, set)
	for _, key := range remove {
		delete(tags, key)
	}
	k.Tags = tags
	return tooManyTags(tags)
}

func tagList(tags map[string]string) []types.Tag {
	out := make([]types.Tag, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, types.Tag{TagKey: new(key), TagValue: new(tags[key])})
	}
	return out
}

// tagKeys are the condition keys of a request with tags.
func tagKeys(given map[string]string) (requested map[string]string, sets map[string][]string) {
	requested = make(map[string]string, len(given))
	for key, value := range given {
		requested["aws:RequestTag/"+key] = value
	}
	if len(given) == 0 {
		return requested, nil
	}
	return requested, map[string][]string{"aws:TagKeys": slices.Sorted(maps.Keys(given))}
}

// plainTags reads tags for a check, before anything is refused.
func plainTags(given []types.Tag) map[string]string {
	tags := make(map[string]string, len(given))
	for _, t := range given {
		tags[text(t.TagKey)] = text(t.TagValue)
	}
	return tags
}

// Tagged lists the account's keys in a Region for the Tag Editor.
func (s *Service) Tagged(ctx context.Context, account, region string) ([]api.Tagged, error) {
	return store.Shown(ctx, s.store, &keys, store.In(account, region), func(k *Key) api.Tagged {
		return api.Tagged{ARN: k.ARN(), Type: "kms:key", Tags: k.Tags}
	})
}

// TagActions are the IAM actions that change the tags of a key; ok tells
// whether an ARN is one of this room.
func (s *Service) TagActions(name string) (tag, untag string, ok bool) {
	return "kms:TagResource", "kms:UntagResource", arn.Names(name, "kms", "key/")
}

// tag is what TagResource and UntagResource do.
func (k *Key) tag(set map[string]string, remove []string) error {
	if err := k.managedByAccount("TagResource"); err != nil {
		return err
	}
	if err := k.kept(); err != nil {
		return err
	}
	return k.retag(set, remove)
}
