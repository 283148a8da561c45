package directoryservice

import (
	"context"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Tagged lists the directories of an account in a Region with their tags.
func (s *Service) Tagged(ctx context.Context, account, region string) ([]api.Tagged, error) {
	return store.Shown(ctx, s.st, &directories, store.In(account, region), func(r *record) api.Tagged {
		return api.Tagged{ARN: arn.New("ds", region, account, "directory/"+r.ID).String(), Type: "ds:directory", Tags: r.tags()}
	})
}

// TagActions are the IAM actions that change the tags of a directory; ok tells
// whether an ARN is one of a directory.
func (s *Service) TagActions(name string) (tag, untag string, ok bool) {
	return "ds:AddTagsToResource", "ds:RemoveTagsFromResource", arn.Names(name, "ds", "directory/")
}
