package cloudtrail

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// mostTags is how many tags a trail carries.
// Source: CloudTrail API Reference, "AddTags".
const mostTags = 50

// setTags returns tags with others set.
func setTags(have map[string]string, given []types.Tag) (map[string]string, error) {
	out := maps.Clone(have)
	for _, g := range given {
		key, value := aws.ToString(g.Key), aws.ToString(g.Value)
		if n := utf8.RuneCountInString(key); n == 0 || n > 128 || utf8.RuneCountInString(value) > 256 || strings.HasPrefix(strings.ToLower(key), "aws:") {
			return nil, &types.InvalidTagParameterException{Message: aws.String("Tag key " + cut(key) + " or its value is not valid.")}
		}
		if out == nil {
			out = map[string]string{}
		}
		out[key] = value
	}
	if len(out) > mostTags {
		return nil, &types.TagsLimitExceededException{Message: aws.String("The number of tags per trail has exceeded the permitted amount. Currently, the limit is 50.")}
	}
	return out, nil
}

// dropTags returns tags without others. A tag that is given with a value goes
// only when it has that value.
func dropTags(have map[string]string, given []types.Tag) map[string]string {
	out := maps.Clone(have)
	for _, g := range given {
		if v, ok := out[aws.ToString(g.Key)]; ok && (g.Value == nil || *g.Value == "" || *g.Value == v) {
			delete(out, aws.ToString(g.Key))
		}
	}
	return out
}

// requestTags are tags as condition keys.
func requestTags(given []types.Tag) (keys map[string]string, sets map[string][]string) {
	keys, sets = map[string]string{}, map[string][]string{}
	for _, g := range given {
		keys["aws:RequestTag/"+aws.ToString(g.Key)] = aws.ToString(g.Value)
		sets["aws:TagKeys"] = append(sets["aws:TagKeys"], aws.ToString(g.Key))
	}
	return keys, sets
}

// tagged reads the ARN of a trail that is to be tagged; a name will not do.
func tagged(call *api.Call, given string) (reference, error) {
	if a, err := arn.Parse(given); err == nil && a.Service == "cloudtrail" && !strings.HasPrefix(a.Resource, "trail/") {
		return reference{}, &types.ResourceTypeNotSupportedException{Message: aws.String("Only trails can be tagged here.")}
	}
	if !strings.HasPrefix(given, "arn:") {
		return reference{}, &types.CloudTrailARNInvalidException{Message: aws.String("The ARN " + cut(given) + " is not valid. The format of a trail ARN is arn:aws:cloudtrail:us-east-2:123456789012:trail/MyTrail")}
	}
	return refer(call, given)
}

// changeTags changes the tags of the trail that a call names.
func (s *Service) changeTags(ctx context.Context, resource string, change func(have map[string]string) (map[string]string, error)) error {
	call := api.CallFrom(ctx)
	ref, err := tagged(call, resource)
	if err != nil {
		return err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		t, err := ref.home(tx, call)
		if err != nil {
			return untagged(err)
		}
		if t.Tags, err = change(t.Tags); err != nil {
			return err
		}
		return trails.Put(tx, store.Scope{Account: t.Account}, t)
	})
	if err != nil {
		return fmt.Errorf("change the tags of %s: %w", resource, err)
	}
	return nil
}

// onTaggedWith is the check of a change of tags.
func (s *Service) onTaggedWith(ctx context.Context, action, resource string, tags []types.Tag) ([]api.Check, error) {
	checks, err := s.onTagged(ctx, action, resource)
	if err == nil {
		checks[0].Keys, checks[0].Sets = requestTags(tags)
	}
	return checks, err
}

// untagged turns the error of a trail that is missing into that of a resource.
func untagged(err error) error {
	if missing, ok := errors.AsType[*types.TrailNotFoundException](err); ok {
		return &types.ResourceNotFoundException{Message: missing.Message}
	}
	return err
}

// Tagged lists the trails of an account whose home is the Region, for the Tag
// Editor.
func (s *Service) Tagged(ctx context.Context, account, region string) ([]api.Tagged, error) {
	var out []api.Tagged
	err := s.store.View(ctx, func(tx *store.Tx) error {
		list, err := trails.List(tx, store.Scope{Account: account}, store.Page{})
		for _, t := range list {
			if t.Region == region {
				out = append(out, api.Tagged{ARN: t.ARN().String(), Type: "cloudtrail:trail", Tags: maps.Clone(t.Tags)})
			}
		}
		return err
	})
	return out, err
}

// TagActions names the actions that change the tags of a trail; ok is false for
// an ARN that is none.
func (s *Service) TagActions(resource string) (tag, untag string, ok bool) {
	return "cloudtrail:AddTags", "cloudtrail:RemoveTags", arn.Names(resource, "cloudtrail", "trail/")
}
