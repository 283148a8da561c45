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
func (s *Service) Tagged(ctx context.Context, account, region string) ([]api.Tagged, error) {
	return store.Shown(ctx, s.store, &groups, store.In(account, region), func(g *group) api.Tagged {
		return api.Tagged{ARN: g.arn(), Type: "resource-groups:group", Tags: g.Tags}
	})
}

// TagActions names the actions that change the tags of a group; ok is false for
// an ARN that is none.
func (s *Service) TagActions(name string) (tag, untag string, ok bool) {
	return "resource-groups:Tag", "resource-groups:Untag", arn.Names(name, "resource-groups", "group/")
}
