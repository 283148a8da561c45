package sns

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// mostTags is how many tags a topic may have.
const mostTags = 50

func plainTags(given []types.Tag) map[string]string {
	return api.TagMap(given, func(t types.Tag) (key, value *string) { return t.Key, t.Value })
}

func tagList(tags map[string]string) []types.Tag {
	return api.TagList(tags, func(key, value *string) types.Tag { return types.Tag{Key: key, Value: value} })
}

// retag changes the tags of a topic.
func (t *topic) retag(set map[string]string, remove []string) error {
	tags, err := api.Retag(t.Tags, set, remove, mostTags)
	switch {
	case errors.Is(err, api.ErrReservedTag):
		return invalid("Tag keys that begin with aws: are reserved")
	case errors.Is(err, api.ErrTooManyTags):
		return &types.TagLimitExceededException{Message: new("Could not complete request: tag quota of per resource exceeded")}
	case err != nil:
		return err
	}
	t.Tags = tags
	return nil
}

// noResource is noTopic of the tagging operations.
func noResource(err error) error {
	if _, is := err.(*types.NotFoundException); is { //nolint:errorlint // find returns it bare
		return &types.ResourceNotFoundException{Message: new("Resource does not exist")}
	}
	return err
}

// Tagged lists the topics of an account in a Region for the Tag Editor.
func (s *Service) Tagged(ctx context.Context, account, region string) ([]api.Tagged, error) {
	return store.Shown(ctx, s.store, &topics, store.In(account, region), func(t *topic) api.Tagged {
		return api.Tagged{ARN: t.arn(), Type: "sns:topic", Tags: t.Tags}
	})
}

// TagActions names the actions that change the tags of a topic; ok is false for
// an ARN that is none.
func (s *Service) TagActions(name string) (tag, untag string, ok bool) {
	a, err := arn.Parse(name)
	if err != nil || a.Service != "sns" || !topicName.MatchString(a.Resource) {
		return "", "", false
	}
	return "sns:TagResource", "sns:UntagResource", true
}
