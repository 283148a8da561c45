package resourcegroupstaggingapi

import (
	"context"

	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"tamachi/internal/aws/api"
)

// UntagResources takes tags off resources; a key that is not there is no
// error.
func (s *Service) UntagResources(ctx context.Context, in *tagging.UntagResourcesInput) (*tagging.UntagResourcesOutput, error) {
	for _, key := range in.TagKeys {
		if err := free(key); err != nil {
			return nil, err
		}
	}
	failed, err := s.changeAll(ctx, in.ResourceARNList, change{remove: in.TagKeys})
	if err != nil {
		return nil, err
	}
	return &tagging.UntagResourcesOutput{FailedResourcesMap: failed}, nil
}

func (s *Service) untagResourcesChecks(context.Context, *tagging.UntagResourcesInput) ([]api.Check, error) {
	return api.OnAny("tag:UntagResources"), nil
}
