package workspaces

import (
	"context"
	"errors"
	"slices"
	"strings"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Tagged lists what can have tags in an account and Region, with its tags.
func (s *Service) Tagged(ctx context.Context, account, region string) ([]api.Tagged, error) {
	sc := store.In(account, region)
	var out []api.Tagged
	err := s.store.View(ctx, func(tx *store.Tx) error {
		registered, err := directories.List(tx, sc, store.Page{})
		made, more := desktopTable.List(tx, sc, store.Page{})
		groups, rest := ipGroups.List(tx, sc, store.Page{})
		captures, bad := images.List(tx, sc, store.Page{})
		custom, worse := bundles.List(tx, sc, store.Page{})
		names, worst := aliases.List(tx, sc, store.Page{})
		for _, d := range registered {
			out = append(out, shown(sc, "directory", d.ID, d.Tags))
		}
		for _, d := range made {
			out = append(out, shown(sc, "workspace", d.ID, d.Tags))
		}
		for _, g := range groups {
			out = append(out, shown(sc, "workspaceipgroup", g.ID, g.Tags))
		}
		for _, i := range captures {
			if i.State != deletedImage {
				out = append(out, shown(sc, "workspaceimage", i.ID, i.Tags))
			}
		}
		for _, a := range names {
			out = append(out, shown(sc, "connectionalias", a.ID, a.Tags))
		}
		for _, b := range custom {
			out = append(out, shown(sc, "workspacebundle", b.ID, b.Tags))
		}
		return errors.Join(err, more, rest, bad, worse, worst)
	})
	return out, err
}

func shown(sc store.Scope, kind, id string, tags map[string]string) api.Tagged {
	return api.Tagged{ARN: arn.New("workspaces", sc.Region, sc.Account, kind+"/"+id).String(), Type: "workspaces:" + kind, Tags: tags}
}

// taggable are the kinds of resource that can have tags, as their ARNs begin.
var taggable = []string{"workspace/ws-", "directory/d-", "workspaceipgroup/wsipg-", "workspaceimage/wsi-", "workspacebundle/wsb-", "connectionalias/wsca-"}

// TagActions are the IAM actions that change the tags of a resource; ok tells
// whether an ARN is one of the room's.
func (s *Service) TagActions(name string) (tag, untag string, ok bool) {
	a, err := arn.Parse(name)
	ours := slices.ContainsFunc(taggable, func(kind string) bool { return strings.HasPrefix(a.Resource, kind) })
	if err != nil || a.Service != "workspaces" || !ours {
		return "", "", false
	}
	return "workspaces:CreateTags", "workspaces:DeleteTags", true
}
