package resourcegroupstaggingapi

import (
	"context"
	"maps"
	"slices"
	"strings"

	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"tamachi/internal/aws/api"
)

// TagResources gives resources tags; a key that is there gets the new value.
// What fails for one resource is told in the answer and stops no other.
func (s *Service) TagResources(ctx context.Context, in *tagging.TagResourcesInput) (*tagging.TagResourcesOutput, error) {
	for _, key := range slices.Sorted(maps.Keys(in.Tags)) {
		if err := free(key); err != nil {
			return nil, err
		}
	}
	failed, err := s.changeAll(ctx, in.ResourceARNList, change{set: in.Tags})
	if err != nil {
		return nil, err
	}
	return &tagging.TagResourcesOutput{FailedResourcesMap: failed}, nil
}

// free refuses keys that only AWS may use.
// Source: AWS General Reference, "Tag naming limits and requirements".
func free(key string) error {
	if strings.HasPrefix(strings.ToLower(key), "aws:") {
		return invalid("Tag keys that begin with aws: are reserved: %s.", key)
	}
	return nil
}

// The reference lists no resource and no condition key for this action; those
// of the resource's own service are checked when its call goes through the gate.
func (s *Service) tagResourcesChecks(context.Context, *tagging.TagResourcesInput) ([]api.Check, error) {
	return api.OnAny("tag:TagResources"), nil
}
