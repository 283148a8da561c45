package resourcegroupstaggingapi

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"tamachi/internal/aws/api"
)

// find lists the tagged resources of the caller's account and Region, in the
// order of their ARNs. Rooms of services that are not wanted are not asked.
func (s *Service) find(ctx context.Context, wanted func(service string) bool) ([]api.Tagged, error) {
	call := api.CallFrom(ctx)
	return s.Find(ctx, call.Account, call.Region, wanted)
}

// Find lists the tagged resources of an account in a Region, in the order of
// their ARNs, for groups of resources.
func (s *Service) Find(ctx context.Context, account, region string, wanted func(service string) bool) ([]api.Tagged, error) {
	var all []api.Tagged
	for _, service := range slices.Sorted(maps.Keys(s.ports.Rooms)) {
		if !wanted(service) {
			continue
		}
		some, err := s.ports.Rooms[service].Tagged(ctx, account, region)
		if err != nil {
			return nil, fmt.Errorf("list what is tagged in %s: %w", service, err)
		}
		all = append(all, some...)
	}
	all = slices.DeleteFunc(all, func(r api.Tagged) bool { return len(r.Tags) == 0 })
	slices.SortFunc(all, func(a, b api.Tagged) int { return cmp.Compare(a.ARN, b.ARN) })
	return all, nil
}

// words lists words of all tagged resources, each once and sorted.
func (s *Service) words(ctx context.Context, of func(tags map[string]string) []string) ([]string, error) {
	all, err := s.find(ctx, func(string) bool { return true })
	if err != nil {
		return nil, err
	}
	seen := make(map[string]bool)
	for _, r := range all {
		for _, word := range of(r.Tags) {
			seen[word] = true
		}
	}
	return slices.Sorted(maps.Keys(seen)), nil
}
