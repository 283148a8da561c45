package ssm

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/tag"
	"tamachi/internal/store"
)

// taggables are the rooms by the type of their resources.
func (s *Service) taggables() map[types.ResourceTypeForTagging]tag.Room {
	return map[types.ResourceTypeForTagging]tag.Room{
		types.ResourceTypeForTaggingAssociation:     s.associations.Tagging(),
		types.ResourceTypeForTaggingAutomation:      s.automations.Tagging(),
		types.ResourceTypeForTaggingDocument:        s.documents.Tagging(),
		types.ResourceTypeForTaggingManagedInstance: s.nodes.Tagging(),
		types.ResourceTypeForTaggingParameter:       s.parameters,
		types.ResourceTypeForTaggingPatchBaseline:   s.patches.Tagging(),
	}
}

// roomOf is the room that has resources of a type.
func (s *Service) roomOf(kind types.ResourceTypeForTagging) (tag.Room, error) {
	room, ok := s.taggables()[kind]
	if !ok {
		return nil, &types.InvalidResourceType{Message: new("There are no resources of the type " + string(kind) + " here.")}
	}
	return room, nil
}

// change sets and removes tags in one transaction.
func (s *Service) change(ctx context.Context, room tag.Room, scope store.Scope, id string, set map[string]string, remove []string) error {
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		have, _, err := room.Tags(tx, scope, id)
		if err != nil {
			return err
		}
		all := maps.Clone(have)
		if all == nil {
			all = map[string]string{}
		}
		maps.Copy(all, set)
		for _, k := range remove {
			delete(all, k)
		}
		if len(all) > tag.Most {
			return tooManyTags()
		}
		if maps.Equal(all, have) {
			return nil
		}
		return room.SetTags(tx, scope, id, all)
	})
	return invalidID(err, id)
}

func tooManyTags() error {
	return &types.TooManyTagsError{Message: new(fmt.Sprintf("A resource can have %d tags at most.", tag.Most))}
}

func invalidTags(why string) error {
	return &smithy.GenericAPIError{Code: "ValidationException", Message: why}
}

func invalidID(err error, id string) error {
	if errors.Is(err, store.ErrNotFound) {
		return &types.InvalidResourceId{Message: new("There is no resource " + id + ".")}
	}
	return err
}

// taggedCheck is the check of an action on the resource that a request names.
func (s *Service) taggedCheck(ctx context.Context, action string, kind types.ResourceTypeForTagging, id string) (api.Check, error) {
	c := api.Check{Action: action, Resource: "*"}
	room, ok := s.taggables()[kind]
	if !ok {
		return c, nil // the operation refuses it
	}
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		c.Tags, c.Resource, err = room.Tags(tx, store.In(api.CallFrom(ctx).Place()), id)
		if errors.Is(err, store.ErrNotFound) {
			return nil // the check is on its name alone
		}
		return err
	})
	return c, err
}

// Tagged lists all resources of the wing with their tags, for the Tag Editor.
func (s *Service) Tagged(ctx context.Context, account, region string) ([]api.Tagged, error) {
	rooms := s.taggables()
	var out []api.Tagged
	for _, kind := range slices.Sorted(maps.Keys(rooms)) {
		some, err := rooms[kind].Tagged(ctx, account, region)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

// TagActions are the IAM actions that tag and untag a resource; ok tells
// whether the wing has resources of this kind.
func (s *Service) TagActions(resource string) (tag, untag string, ok bool) {
	_, _, _, ok = s.whose(resource)
	return "ssm:AddTagsToResource", "ssm:RemoveTagsFromResource", ok
}

func (s *Service) whose(resource string) (tag.Room, store.Scope, string, bool) {
	a, err := arn.Parse(resource)
	if err != nil || a.Account == "" || a.Region == "" {
		return nil, store.Scope{}, "", false
	}
	for _, room := range s.taggables() {
		if id, ok := room.ID(a); ok {
			return room, store.In(a.Account, a.Region), id, true
		}
	}
	return nil, store.Scope{}, "", false
}
