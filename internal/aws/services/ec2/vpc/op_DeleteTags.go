package vpc

import (
	"context"
	"maps"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// DeleteTags removes tags from resources: those of a key, those of a key with a
// value, or, when none is named, all.
func (s *Service) DeleteTags(ctx context.Context, in *ec2.DeleteTagsInput) (*ec2.DeleteTagsOutput, error) {
	if len(in.Resources) == 0 {
		return nil, fault("MissingParameter", "The request must contain the parameter resourceIdSet")
	}
	err := s.retag(ctx, in.Resources, func(have map[string]string) (map[string]string, error) {
		if len(in.Tags) == 0 {
			return nil, nil
		}
		left := maps.Clone(have)
		for _, t := range in.Tags {
			if t.Value == nil || left[text(t.Key)] == *t.Value {
				delete(left, text(t.Key))
			}
		}
		return left, nil
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteTagsOutput{}, nil
}

func (s *Service) deleteTagsChecks(ctx context.Context, in *ec2.DeleteTagsInput) ([]api.Check, error) {
	return s.retagging(ctx, "DeleteTags", in.Resources, in.Tags)
}
