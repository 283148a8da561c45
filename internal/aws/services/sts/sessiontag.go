package sts

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"tamachi/internal/aws/api"
)

// sessionTags reads tags, whose keys ignore case. Source: IAM User Guide,
// "Pass session tags in AWS STS".
func sessionTags(tags []types.Tag) (map[string]string, error) {
	out := make(map[string]string, len(tags))
	seen := make(map[string]bool, len(tags))
	for _, t := range tags {
		key, folded := aws.ToString(t.Key), strings.ToLower(aws.ToString(t.Key))
		if seen[folded] {
			return nil, invalidValue("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		if strings.HasPrefix(folded, "aws:") {
			return nil, invalidValue("Tag keys that begin with aws: are reserved for system use.")
		}
		seen[folded] = true
		out[key] = aws.ToString(t.Value)
	}
	return out, nil
}

// chain adds what the caller's own session hands down. Source: IAM User Guide,
// "Chain roles with session tags".
func chain(caller *api.Caller, tags map[string]string, transitive []string) (map[string]string, []string, error) {
	for _, key := range transitive {
		if !holds(tags, key) {
			return nil, nil, invalidValue("The specified transitive tag key must be included in the requested tags.")
		}
	}
	if caller.Session == nil || len(caller.Session.Transitive) == 0 {
		return tags, transitive, nil
	}
	out, down := maps.Clone(tags), slices.Clone(transitive)
	for _, key := range caller.Session.Transitive {
		if holds(tags, key) {
			return nil, nil, invalidValue("One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.")
		}
		for k, v := range caller.Session.Tags {
			if strings.EqualFold(k, key) {
				out[k] = v
			}
		}
		down = append(down, key)
	}
	return out, down, nil
}

func holds(tags map[string]string, key string) bool {
	for k := range tags {
		if strings.EqualFold(k, key) {
			return true
		}
	}
	return false
}

// requestKeys adds the condition keys of tags to a check.
func requestKeys(c *api.Check, tags []types.Tag) {
	var keys []string
	for _, t := range tags {
		c.Keys["aws:RequestTag/"+aws.ToString(t.Key)] = aws.ToString(t.Value)
		keys = append(keys, aws.ToString(t.Key))
	}
	c.Sets["aws:TagKeys"] = keys
}

// newCheck is a check whose keys may be filled.
func newCheck(action, resource string) api.Check {
	return api.Check{Action: action, Resource: resource, Keys: map[string]string{}, Sets: map[string][]string{}}
}

// give sets a condition key, which is known to be absent when the value is.
func give(c *api.Check, key string, value *string) {
	if value == nil {
		c.Sets[key] = nil
		return
	}
	c.Keys[key] = *value
}
