package resourcegroups

import (
	"context"
	"maps"
	"strings"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// mostTags is how many tags a group may have.
const mostTags = 50

// retag changes the tags of a group.
func (g *group) retag(set map[string]string, remove []string) error {
	for key := range set {
		if strings.HasPrefix(strings.ToLower(key), "aws:") {
			return bad("Tag keys that begin with aws: are reserved: %s.", key)
		}
	}
	tags := maps.Clone(g.Tags)
	if tags == nil {
		tags = map[string]string{}
	}
	maps.Copy(tags, set)
	for _, key := range remove {
		delete(tags, key)
	}
	if len(tags) > mostTags {
		return bad("A group can have %d tags at most.", mostTags)
	}
	g.Tags = tags
	return nil
}

// Tagged lists the groups of an account in a Region for the Tag Editor.
func (s *Service) Tagged(ctx context.Context, account, region string) (out []api.Tagged, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		list, err := groups.List(tx, store.In(account, region), store.Page{})
		for _, g := range list {
			out = append(out, api.Tagged{ARN: g.arn(), Type: "resource-groups:group", Tags: g.Tags})
		}
		return err
	})
	return out, err
}

// TagActions names the actions that change the tags of a group; ok is false for
// an ARN that is none.
func (s *Service) TagActions(name string) (tag, untag string, ok bool) {
	a, err := arn.Parse(name)
	if err != nil || a.Service != "resource-groups" || !strings.HasPrefix(a.Resource, "group/") {
		return "", "", false
	}
	return "resource-groups:Tag", "resource-groups:Untag", true
}
