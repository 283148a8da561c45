package iam

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
)

// maxTags is how many tags a user, role, policy or device may have (IAM User
// Guide, "IAM and AWS STS quotas").
const maxTags = 50

// newTags reads the tags of a request. Keys are unique without regard to case
// (IAM User Guide, "Tags for AWS Identity and Access Management resources").
func newTags(given []types.Tag) (map[string]string, error) {
	tags := make(map[string]string, len(given))
	seen := make(map[string]bool, len(given))
	for _, t := range given {
		folded := strings.ToLower(*t.Key)
		if strings.HasPrefix(folded, "aws:") {
			return nil, invalidInput("Tag keys that begin with aws: are reserved for AWS use: %s", *t.Key)
		}
		if seen[folded] {
			return nil, invalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		seen[folded] = true
		tags[*t.Key] = *t.Value
	}
	return tags, tooMany(tags)
}

// addTags adds tags to those that are there; a key in another case replaces the
// one that is there.
func addTags(have map[string]string, given []types.Tag) (map[string]string, error) {
	added, err := newTags(given)
	if err != nil {
		return nil, err
	}
	all := removeTags(have, slices.Collect(maps.Keys(added)))
	maps.Copy(all, added)
	return all, tooMany(all)
}

// removeTags returns the tags without some keys, in any case.
func removeTags(have map[string]string, keys []string) map[string]string {
	left := make(map[string]string, len(have))
	for k, v := range have {
		if !slices.ContainsFunc(keys, func(key string) bool { return strings.EqualFold(key, k) }) {
			left[k] = v
		}
	}
	return left
}

func tooMany(tags map[string]string) error {
	if len(tags) > maxTags {
		return &types.LimitExceededException{Message: new("The number of tags has reached the maximum limit.")}
	}
	return nil
}

// tagList shows tags in the order of their keys.
func tagList(tags map[string]string) []types.Tag {
	out := make([]types.Tag, 0, len(tags))
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, types.Tag{Key: new(k), Value: new(tags[k])})
	}
	return out
}

// withTags gives a check the tags that its resource has, under both names of
// the condition key (Service Authorization Reference, "Condition keys for AWS
// Identity and Access Management").
func withTags(c api.Check, tags map[string]string) api.Check {
	c.Tags = tags
	for k, v := range tags {
		c = withKey(c, "iam:ResourceTag/"+k, v)
	}
	return c
}

// withRequestTags gives a check the tags that the call wants to set.
func withRequestTags(c api.Check, given []types.Tag) api.Check {
	keys := make([]string, 0, len(given))
	for _, t := range given {
		c = withKey(c, "aws:RequestTag/"+*t.Key, *t.Value)
		keys = append(keys, *t.Key)
	}
	return withTagKeys(c, keys)
}

// withTagKeys gives a check the keys of the tags that the call is about.
func withTagKeys(c api.Check, keys []string) api.Check {
	if len(keys) > 0 {
		c.Sets = map[string][]string{"aws:TagKeys": keys}
	}
	return c
}

func withKey(c api.Check, key, value string) api.Check {
	all := maps.Clone(c.Keys)
	if all == nil {
		all = make(map[string]string, 1)
	}
	all[key] = value
	c.Keys = all
	return c
}
