package vpc

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// maxTags is how many tags a resource may have (EC2 User Guide, "Tag your Amazon
// EC2 resources").
const maxTags = 50

// newTags reads the tags of a request.
func newTags(given []types.Tag) (map[string]string, error) {
	tags := make(map[string]string, len(given))
	for _, t := range given {
		key, value := text(t.Key), text(t.Value)
		switch {
		case key == "":
			return nil, fault("InvalidParameterValue", "Tag key cannot be null or empty")
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return nil, fault("InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use")
		case utf8.RuneCountInString(key) > 128:
			return nil, fault("InvalidParameterValue", "Tag key exceeds the maximum length of 128 characters")
		case utf8.RuneCountInString(value) > 256:
			return nil, fault("InvalidParameterValue", "Tag value exceeds the maximum length of 256 characters")
		}
		if _, twice := tags[key]; twice {
			return nil, fault("InvalidParameterValue", "Duplicate tag key '%s' specified.", key)
		}
		tags[key] = value
	}
	if len(tags) > maxTags {
		return nil, tooManyTags()
	}
	return tags, nil
}

func tooManyTags() error {
	return fault("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.")
}

// specified reads the tags that a request gives to what it makes.
func specified(specs []types.TagSpecification, made kind) (map[string]string, error) {
	var given []types.Tag
	for _, spec := range specs {
		if string(spec.ResourceType) != made.resource() {
			return nil, fault("InvalidParameterValue", "'%s' is not a valid taggable resource type for this operation.", spec.ResourceType)
		}
		given = append(given, spec.Tags...)
	}
	if len(specs) > 0 && len(given) == 0 {
		return nil, fault("InvalidParameterValue", "Tag specification must have at least one tag")
	}
	return newTags(given)
}

// tagList shows tags in the order of their keys.
func tagList(tags map[string]string) []types.Tag {
	out := make([]types.Tag, 0, len(tags))
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, types.Tag{Key: new(k), Value: new(tags[k])})
	}
	return out
}

// kindOf finds the noun of an id.
func kindOf(id string) (kind, error) {
	for _, k := range kinds() {
		if k.owns(id) {
			return k, nil
		}
	}
	return nil, fault("InvalidID", "The ID '%s' is not valid", id)
}

// retagging are the checks of an action on the tags of resources.
func (s *Service) retagging(ctx context.Context, action string, ids []string, tags []types.Tag) ([]api.Check, error) {
	var things []thing
	for _, id := range ids {
		if k, err := kindOf(id); err == nil {
			things = append(things, thing{k, new(id)})
		}
	}
	checks, err := s.on(ctx, action, things...)
	for i := range checks {
		names := []string{}
		if checks[i].Keys == nil {
			checks[i].Keys = map[string]string{}
		}
		for _, t := range tags {
			checks[i].Keys["aws:RequestTag/"+text(t.Key)] = text(t.Value)
			names = append(names, text(t.Key))
		}
		checks[i].Sets = map[string][]string{"aws:TagKeys": names, "ec2:CreateAction": nil}
	}
	return checks, err
}

// Tagged lists what can have tags in an account and Region, with its tags.
func (s *Service) Tagged(ctx context.Context, account, region string) ([]api.Tagged, error) {
	sc := store.In(account, region)
	var out []api.Tagged
	err := s.store.View(ctx, func(tx *store.Tx) error {
		out = nil
		for _, k := range kinds() {
			err := k.each(look{tx, sc, s.clock.Now()}, func(h Head) {
				out = append(out, api.Tagged{ARN: arn.New("ec2", region, account, k.resource()+"/"+h.ID).String(), Type: "ec2:" + k.resource(), Tags: h.Tags})
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// TagActions are the IAM actions that change the tags of a resource; ok tells
// whether an ARN is one of the room's.
func (s *Service) TagActions(name string) (tag, untag string, ok bool) {
	a, err := arn.Parse(name)
	if err != nil || a.Service != "ec2" {
		return "", "", false
	}
	resource, _, _ := strings.Cut(a.Resource, "/")
	known := slices.ContainsFunc(kinds(), func(k kind) bool { return k.resource() == resource })
	return "ec2:CreateTags", "ec2:DeleteTags", known
}
