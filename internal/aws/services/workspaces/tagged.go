package workspaces

import (
	"context"
	"errors"
	"strings"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Tagged lists the desktops and registered directories of an account in a
// Region with their tags.
func (s *Service) Tagged(ctx context.Context, account, region string) ([]api.Tagged, error) {
	sc := store.Scope{Account: account, Region: region}
	var out []api.Tagged
	err := s.store.View(ctx, func(tx *store.Tx) error {
		registered, err := directories.List(tx, sc, store.Page{})
		made, more := desktopTable.List(tx, sc, store.Page{})
		for _, d := range registered {
			out = append(out, shown(sc, "directory", d.ID, d.Tags))
		}
		for _, d := range made {
			out = append(out, shown(sc, "workspace", d.ID, d.Tags))
		}
		return errors.Join(err, more)
	})
	return out, err
}

func shown(sc store.Scope, kind, id string, tags map[string]string) api.Tagged {
	return api.Tagged{ARN: arn.New("workspaces", sc.Region, sc.Account, kind+"/"+id).String(), Type: "workspaces:" + kind, Tags: tags}
}

// TagActions are the IAM actions that change the tags of a desktop or a
// registered directory; ok tells whether an ARN is one of those.
func (s *Service) TagActions(name string) (tag, untag string, ok bool) {
	a, err := arn.Parse(name)
	desktop := strings.HasPrefix(a.Resource, "workspace/ws-")
	if err != nil || a.Service != "workspaces" || !desktop && !strings.HasPrefix(a.Resource, "directory/d-") {
		return "", "", false
	}
	return "workspaces:CreateTags", "workspaces:DeleteTags", true
}
