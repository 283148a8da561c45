package directoryservice

import (
	"context"
	"strings"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Tagged lists the directories of an account in a Region with their tags.
func (s *Service) Tagged(ctx context.Context, account, region string) ([]api.Tagged, error) {
	var out []api.Tagged
	err := s.st.View(ctx, func(tx *store.Tx) error {
		all, err := directories.List(tx, store.In(account, region), store.Page{})
		for _, r := range all {
			out = append(out, api.Tagged{
				ARN: arn.New("ds", region, account, "directory/"+r.ID).String(), Type: "ds:directory", Tags: r.tags(),
			})
		}
		return err
	})
	return out, err
}

// TagActions are the IAM actions that change the tags of a directory; ok tells
// whether an ARN is one of a directory.
func (s *Service) TagActions(name string) (tag, untag string, ok bool) {
	a, err := arn.Parse(name)
	if err != nil || a.Service != "ds" || !strings.HasPrefix(a.Resource, "directory/") {
		return "", "", false
	}
	return "ds:AddTagsToResource", "ds:RemoveTagsFromResource", true
}
