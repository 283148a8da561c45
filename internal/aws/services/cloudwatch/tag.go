package cloudwatch

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// mostTags is how many tags a resource carries.
// Source: CloudWatch API Reference, "TagResource".
const mostTags = 50

// retagged is a set of tags with some set and others removed.
func retagged(tags map[string]string, set []types.Tag, remove []string) (map[string]string, error) {
	out := maps.Clone(tags)
	if out == nil {
		out = map[string]string{}
	}
	for _, key := range remove {
		delete(out, key)
	}
	for _, t := range set {
		if strings.HasPrefix(strings.ToLower(*t.Key), "aws:") {
			return nil, badValue("Tag keys starting with aws: are reserved for system use: %s", *t.Key)
		}
		out[*t.Key] = aws.ToString(t.Value)
	}
	if len(out) > mostTags {
		return nil, badValue("A resource can have no more than %d tags.", mostTags)
	}
	return out, nil
}

// shownTags are tags in the order of their keys.
func shownTags(tags map[string]string) []types.Tag {
	out := []types.Tag{}
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, types.Tag{Key: &k, Value: aws.String(tags[k])})
	}
	return out
}

// requestTags puts the tags of a request into the keys of a check.
func requestTags(c *api.Check, tags []types.Tag) {
	c.Keys = map[string]string{}
	c.Sets = map[string][]string{"aws:TagKeys": nil}
	for _, t := range tags {
		key := aws.ToString(t.Key)
		c.Keys["aws:RequestTag/"+key] = aws.ToString(t.Value)
		c.Sets["aws:TagKeys"] = append(c.Sets["aws:TagKeys"], key)
	}
}

// tagsOf reads the tags of an alarm when a policy asks.
func (s *Service) tagsOf(ctx context.Context, sc store.Scope, name string) func() (map[string]string, error) {
	return func() (tags map[string]string, err error) {
		err = s.store.View(ctx, func(tx *store.Tx) error {
			a, err := findAlarm(tx, sc, name)
			if a != nil {
				tags = a.Tags
			}
			return err
		})
		return tags, err
	}
}

// tagged is what an ARN of a request names.
func tagged(text string) (name string, sc store.Scope, err error) {
	name, ok := alarmNamed(text)
	if !ok {
		return "", sc, badValue("Invalid resource ARN: %s", text)
	}
	a, _ := arn.Parse(text) // alarmNamed did
	return name, store.Scope{Account: a.Account, Region: a.Region}, nil
}

// onTags is the check of a tagging action.
func (s *Service) onTags(ctx context.Context, action string, resource *string) api.Check {
	text := aws.ToString(resource)
	name, sc, err := tagged(text)
	if err != nil {
		return s.onAlarm(ctx, action, text)
	}
	return api.Check{Action: action, Resource: text, LazyTags: s.tagsOf(ctx, sc, name)}
}

// retag changes the tags of an alarm.
func (s *Service) retag(ctx context.Context, resource string, set []types.Tag, remove []string) error {
	name, sc, err := tagged(resource)
	if err != nil {
		return err
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		a, err := findAlarm(tx, sc, name)
		if err != nil {
			return err
		}
		if a == nil {
			return noResource(resource)
		}
		if a.Tags, err = retagged(a.Tags, set, remove); err != nil {
			return err
		}
		return alarms.Put(tx, sc, a)
	})
}

// Tagged lists the alarms of an account in a Region for the Tag Editor.
func (s *Service) Tagged(ctx context.Context, account, region string) (out []api.Tagged, err error) {
	sc := store.Scope{Account: account, Region: region}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		list, err := alarms.List(tx, sc, store.Page{})
		for _, a := range list {
			out = append(out, api.Tagged{ARN: a.arn(), Type: "cloudwatch:alarm", Tags: a.Tags})
		}
		return err
	})
	return out, err
}

// TagActions names the actions that change the tags of an alarm; ok is false
// for an ARN that is none.
func (s *Service) TagActions(resource string) (tag, untag string, ok bool) {
	if _, ok := alarmNamed(resource); !ok {
		return "", "", false
	}
	return "cloudwatch:TagResource", "cloudwatch:UntagResource", true
}
