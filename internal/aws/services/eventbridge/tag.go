package eventbridge

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// mostTags is how many tags a rule or a bus may have.
const mostTags = 50

func plainTags(given []types.Tag) map[string]string {
	return api.TagMap(given, func(t types.Tag) (key, value *string) { return t.Key, t.Value })
}

func tagList(tags map[string]string) []types.Tag {
	return api.TagList(tags, func(key, value *string) types.Tag { return types.Tag{Key: key, Value: value} })
}

// retagged are tags after a change.
func retagged(old, set map[string]string, remove []string) (map[string]string, error) {
	tags, err := api.Retag(old, set, remove, mostTags)
	switch {
	case errors.Is(err, api.ErrReservedTag):
		return nil, invalid("Tag keys that begin with aws: are reserved.")
	case errors.Is(err, api.ErrTooManyTags):
		return nil, invalid("A resource can have %d tags at most.", mostTags)
	}
	return tags, err
}

// nameOf takes the ARN of a bus or a rule apart: rule is empty for a bus.
func nameOf(given string) (sc store.Scope, where, rule string, ok bool) {
	a, err := arn.Parse(given)
	if err != nil || a.Service != "events" {
		return sc, "", "", false
	}
	sc = store.In(a.Account, a.Region)
	if name, is := strings.CutPrefix(a.Resource, "event-bus/"); is {
		return sc, name, "", busName.MatchString(name)
	}
	name, is := strings.CutPrefix(a.Resource, "rule/")
	if !is || name == "" {
		return sc, "", "", false
	}
	if i := strings.LastIndexByte(name, '/'); i > 0 {
		return sc, name[:i], name[i+1:], i+1 < len(name)
	}
	return sc, defaultBus, name, true
}

// tagged finds the tags of a resource, and what keeps others.
func tagged(tx *store.Tx, call *api.Call, given string) (tags map[string]string, keep func(map[string]string) error, err error) {
	sc, where, name, ok := nameOf(given)
	if !ok {
		return nil, nil, invalid("Parameter ResourceARN is not valid. Reason: Provided Arn is not in correct format.")
	}
	if sc != store.In(call.Place()) {
		return nil, nil, missing("Resource %s does not exist.", given)
	}
	b, err := findBus(tx, sc, where)
	if err != nil {
		return nil, nil, err
	}
	if name == "" {
		return b.Tags, func(tags map[string]string) error {
			b.Tags = tags
			return buses.Put(tx, sc, b)
		}, nil
	}
	r, err := rules.Get(tx, sc, where+"/"+name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil, missing("Rule %s does not exist on EventBus %s.", name, where)
	}
	if err != nil {
		return nil, nil, err
	}
	return r.Tags, func(tags map[string]string) error {
		r.Tags = tags
		return rules.Put(tx, sc, r)
	}, nil
}

func (s *Service) retag(ctx context.Context, given string, set map[string]string, remove []string) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		old, keep, err := tagged(tx, api.CallFrom(ctx), given)
		if err != nil {
			return err
		}
		tags, err := retagged(old, set, remove)
		if err != nil {
			return err
		}
		return keep(tags)
	})
}

// onResource is the check of a tagging action.
func (s *Service) onResource(ctx context.Context, action string, given *string) api.Check {
	call := api.CallFrom(ctx)
	if _, _, _, ok := nameOf(deref(given)); !ok {
		return known(api.Check{Action: action, Resource: busARN(store.In(call.Place()), "*")}) // the operation says what is wrong
	}
	c := known(api.Check{Action: action, Resource: *given})
	c.LazyTags = func() (tags map[string]string, err error) {
		err = s.store.View(ctx, func(tx *store.Tx) error {
			tags, _, err = tagged(tx, call, *given)
			return err
		})
		if _, gone := errors.AsType[*types.ResourceNotFoundException](err); gone {
			return nil, nil
		}
		return tags, err
	}
	return c
}

// Tagged lists the buses and rules of an account in a Region for the Tag Editor.
func (s *Service) Tagged(ctx context.Context, account, region string) (out []api.Tagged, err error) {
	sc := store.In(account, region)
	err = s.store.View(ctx, func(tx *store.Tx) error {
		list, err := buses.List(tx, sc, store.Page{})
		if err != nil {
			return err
		}
		for _, b := range list {
			out = append(out, api.Tagged{ARN: b.arn(), Type: "events:event-bus", Tags: b.Tags})
		}
		all, err := rules.List(tx, sc, store.Page{})
		for _, r := range all {
			out = append(out, api.Tagged{ARN: r.arn(), Type: "events:rule", Tags: r.Tags})
		}
		return err
	})
	return out, err
}

// TagActions names the actions that change the tags of a bus or a rule; ok is
// false for an ARN that is neither.
func (s *Service) TagActions(name string) (tag, untag string, ok bool) {
	_, _, _, ok = nameOf(name)
	return "events:TagResource", "events:UntagResource", ok
}
