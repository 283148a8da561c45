package cloudwatchlogs

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// mostTags is how many tags a log group carries.
// Source: CloudWatch Logs API Reference, "TagResource".
const mostTags = 50

// newTags checks the tags of a request.
func newTags(given map[string]string) (map[string]string, error) {
	for key := range given {
		if strings.HasPrefix(strings.ToLower(key), "aws:") {
			return nil, invalid("Tag keys starting with aws: are reserved for system use: " + key)
		}
	}
	return given, nil
}

// tag sets tags of the group and removes others.
func (g *group) tag(set map[string]string, remove []string) error {
	if _, err := newTags(set); err != nil {
		return err
	}
	tags := map[string]string{}
	maps.Copy(tags, g.Tags)
	for _, key := range remove {
		delete(tags, key)
	}
	maps.Copy(tags, set)
	if len(tags) > mostTags {
		name := groupARN(g.Account, g.Region, g.Name).String()
		return &types.TooManyTagsException{Message: aws.String("A resource can have no more than 50 tags."), ResourceName: &name}
	}
	g.Tags = tags
	return nil
}

// requestTags are the tags of a request as condition keys.
func requestTags(given map[string]string) (keys map[string]string, sets map[string][]string) {
	keys = make(map[string]string, len(given))
	for key, value := range given {
		keys["aws:RequestTag/"+key] = value
	}
	if len(given) == 0 {
		return keys, map[string][]string{"aws:TagKeys": nil}
	}
	return keys, map[string][]string{"aws:TagKeys": slices.Sorted(maps.Keys(given))}
}

// taggable reads the ARN of a log group that is to be tagged; there it ends with
// the name.
func taggable(text string) (reference, error) {
	r, err := parseGroup(text)
	if err != nil || strings.HasSuffix(text, ":*") {
		return reference{}, invalid("The specified resource ARN is not valid: " + text)
	}
	return r, nil
}

// onTags is the check of a tagging action: its ARN ends with the group's name.
func (s *Service) onTags(ctx context.Context, action string, r reference, set map[string]string, remove []string) ([]api.Check, error) {
	c := api.Check{Action: action, Resource: groupARN(r.account, r.region, r.name).String()}
	if set != nil {
		c.Keys, c.Sets = requestTags(set)
	}
	if remove != nil {
		c.Sets = map[string][]string{"aws:TagKeys": remove}
	}
	return s.check(ctx, r, c)
}

// Tagged lists the log groups of an account in a Region for the Tag Editor.
func (s *Service) Tagged(ctx context.Context, account, region string) ([]api.Tagged, error) {
	return store.Shown(ctx, s.store, &groups, store.In(account, region), func(g *group) api.Tagged {
		return api.Tagged{ARN: groupARN(account, region, g.Name).String(), Type: "logs:log-group", Tags: g.Tags}
	})
}

// TagActions names the actions that change the tags of a log group; ok is false
// for an ARN that is none.
func (s *Service) TagActions(resource string) (tag, untag string, ok bool) {
	return "logs:TagResource", "logs:UntagResource", arn.Names(resource, "logs", "log-group:")
}
