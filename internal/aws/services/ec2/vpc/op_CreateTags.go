package vpc

import (
	"context"
	"maps"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// CreateTags adds tags to resources; a key that is there gets the new value.
func (s *Service) CreateTags(ctx context.Context, in *ec2.CreateTagsInput) (*ec2.CreateTagsOutput, error) {
	if len(in.Resources) == 0 || len(in.Tags) == 0 {
		return nil, fault("MissingParameter", "The request must contain the parameter resourceIdSet and tagSet")
	}
	added, err := newTags(in.Tags)
	if err != nil {
		return nil, err
	}
	err = s.retag(ctx, in.Resources, func(have map[string]string) (map[string]string, error) {
		all := maps.Clone(have)
		if all == nil {
			all = map[string]string{}
		}
		maps.Copy(all, added)
		if len(all) > maxTags {
			return nil, tooManyTags()
		}
		return all, nil
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateTagsOutput{}, nil
}

func (s *Service) createTagsChecks(ctx context.Context, in *ec2.CreateTagsInput) ([]api.Check, error) {
	return s.retagging(ctx, "CreateTags", in.Resources, in.Tags)
}

// retag changes the tags of resources, all or none.
func (s *Service) retag(ctx context.Context, ids []string, change func(map[string]string) (map[string]string, error)) error {
	return s.change(ctx, func(l look) error {
		for _, id := range ids {
			k, err := kindOf(id)
			if err != nil {
				return err
			}
			if err := k.retag(l, id, change); err != nil {
				return err
			}
		}
		return nil
	})
}
