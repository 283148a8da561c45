package cloudwatchlogs

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// TagLogGroup sets tags of a log group; TagResource came after it.
func (s *Service) TagLogGroup(ctx context.Context, in *cloudwatchlogs.TagLogGroupInput) (*cloudwatchlogs.TagLogGroupOutput, error) {
	err := s.change(ctx, named(api.CallFrom(ctx), in.LogGroupName), func(_ *store.Tx, g *group) error { return g.tagOnly(in.Tags) })
	if err != nil {
		return nil, fmt.Errorf("tag log group %s: %w", *in.LogGroupName, err)
	}
	return &cloudwatchlogs.TagLogGroupOutput{}, nil
}

func (s *Service) tagLogGroupChecks(ctx context.Context, in *cloudwatchlogs.TagLogGroupInput) ([]api.Check, error) {
	checks, err := s.on(ctx, "logs:TagLogGroup", named(api.CallFrom(ctx), in.LogGroupName))
	if err == nil {
		checks[0].Keys, checks[0].Sets = requestTags(in.Tags)
	}
	return checks, err
}

// tagOnly is tag for an operation whose model has no TooManyTagsException.
func (g *group) tagOnly(set map[string]string) error {
	err := g.tag(set, nil)
	if _, many := errors.AsType[*types.TooManyTagsException](err); many {
		return invalid("A resource can have no more than 50 tags.")
	}
	return err
}
