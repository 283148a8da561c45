package cloudwatch

import (
	"context"
	"errors"

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
	out, err := api.Retag(tags, api.TagMap(set, func(t types.Tag) (key, value *string) { return t.Key, t.Value }), remove, mostTags)
	switch {
	case errors.Is(err, api.ErrReservedTag):
		return nil, badValue("Tag keys starting with aws: are reserved for system use.")
	case errors.Is(err, api.ErrTooManyTags):
		return nil, badValue("A resource can have no more than %d tags.", mostTags)
	}
	return out, err
}

// shownTags are tags in the order of their keys.
func shownTags(tags map[string]string) []types.Tag {
	return api.TagList(tags, func(key, value *string) types.Tag { return types.Tag{Key: key, Value: value} })
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
	return func() (map[string]string, error) { return s.tagsNow(ctx, resource{alarm: name, scope: sc}) }
}

// resource is what tags lie on: an alarm or a dashboard.
type resource struct {
	arn              string
	alarm, dashboard string // one of them
	scope            store.Scope
}

// resourceOf is what an ARN of a request names.
func resourceOf(text string) (resource, error) {
	if account, name, ok := dashboardNamed(text); ok && account != "" {
		return resource{arn: text, dashboard: name, scope: store.Scope{Account: account}}, nil
	}
	name, ok := alarmNamed(text)
	a, err := arn.Parse(text)
	if !ok || err != nil || a.Account == "" || a.Region == "" {
		return resource{}, badValue("Invalid resource ARN: %s", text)
	}
	return resource{arn: text, alarm: name, scope: store.In(a.Account, a.Region)}, nil
}

// tags are those of the resource; set stores others in their place. The error is
// that there is no such resource.
func (r resource) tags(tx *store.Tx) (tags map[string]string, set func(map[string]string) error, err error) {
	if r.dashboard != "" {
		d, err := findDashboard(tx, r.scope, r.dashboard)
		if err != nil || d == nil {
			return nil, nil, errors.Join(err, r.missing(d == nil))
		}
		return d.Tags, func(tags map[string]string) error {
			d.Tags = tags
			return dashboards.Put(tx, r.scope, d)
		}, nil
	}
	a, err := findAlarm(tx, r.scope, r.alarm)
	if err != nil || a == nil {
		return nil, nil, errors.Join(err, r.missing(a == nil))
	}
	return a.Tags, func(tags map[string]string) error {
		a.Tags = tags
		return alarms.Put(tx, r.scope, a)
	}, nil
}

func (r resource) missing(gone bool) error {
	if !gone {
		return nil
	}
	return noResource(r.arn)
}

// tagsNow are the tags of a resource, none of one that is not there.
func (s *Service) tagsNow(ctx context.Context, r resource) (tags map[string]string, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		tags, _, err = r.tags(tx)
		return err
	})
	if _, gone := errors.AsType[*types.ResourceNotFoundException](err); gone {
		return nil, nil
	}
	return tags, err
}

// onTags is the check of a tagging action.
func (s *Service) onTags(ctx context.Context, action string, named *string) api.Check {
	text := aws.ToString(named)
	r, err := resourceOf(text)
	if err != nil {
		return s.onAlarm(ctx, action, text)
	}
	return api.Check{Action: action, Resource: text, LazyTags: func() (map[string]string, error) { return s.tagsNow(ctx, r) }}
}

// retag changes the tags of a resource.
func (s *Service) retag(ctx context.Context, named string, set []types.Tag, remove []string) error {
	r, err := resourceOf(named)
	if err != nil {
		return err
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		tags, keep, err := r.tags(tx)
		if err != nil {
			return err
		}
		if tags, err = retagged(tags, set, remove); err != nil {
			return err
		}
		return keep(tags)
	})
}

// Tagged lists the alarms of an account in a Region for the Tag Editor, and its
// dashboards, which belong to no Region, in us-east-1.
func (s *Service) Tagged(ctx context.Context, account, region string) (out []api.Tagged, err error) {
	sc := store.In(account, region)
	err = s.store.View(ctx, func(tx *store.Tx) error {
		list, err := alarms.List(tx, sc, store.Page{})
		for _, a := range list {
			out = append(out, api.Tagged{ARN: a.arn(), Type: "cloudwatch:alarm", Tags: a.Tags})
		}
		if err != nil || region != "us-east-1" {
			return err
		}
		boards, err := dashboards.List(tx, store.Scope{Account: account}, store.Page{})
		for _, d := range boards {
			out = append(out, api.Tagged{ARN: dashboardARN(account, d.Name), Type: "cloudwatch:dashboard", Tags: d.Tags})
		}
		return err
	})
	return out, err
}

// TagActions names the actions that change the tags of an alarm or a dashboard;
// ok is false for an ARN that is neither.
func (s *Service) TagActions(named string) (tag, untag string, ok bool) {
	if _, err := resourceOf(named); err != nil {
		return "", "", false
	}
	return "cloudwatch:TagResource", "cloudwatch:UntagResource", true
}
