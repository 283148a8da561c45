package vpc

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeTags lists the tags of all resources, by resource and key.
func (s *Service) DescribeTags(ctx context.Context, in *ec2.DescribeTagsInput) (*ec2.DescribeTagsOutput, error) {
	most, from := defaultPage, ""
	if in.MaxResults != nil {
		most = int(*in.MaxResults)
	}
	if most < 1 {
		return nil, fault("InvalidMaxResults", "The value for MaxResults is not valid.")
	}
	if in.NextToken != nil {
		var ok bool
		if from, ok = api.After("DescribeTags", *in.NextToken); !ok {
			return nil, fault("InvalidParameterValue", "Unable to parse pagination token")
		}
	}
	if err := filtersOf("DescribeTags", in.Filters); err != nil {
		return nil, err
	}
	var all []types.TagDescription
	err := s.read(ctx, func(l look) (err error) {
		all, err = wanted(l, in.Filters)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b types.TagDescription) int { return strings.Compare(place(a), place(b)) })
	out := &ec2.DescribeTagsOutput{Tags: []types.TagDescription{}}
	for _, t := range all {
		if place(t) <= from {
			continue
		}
		if n := len(out.Tags); n == most {
			out.NextToken = new(api.Token("DescribeTags", place(out.Tags[n-1])))
			break
		}
		out.Tags = append(out.Tags, t)
	}
	return out, nil
}

func (s *Service) describeTagsChecks(context.Context, *ec2.DescribeTagsInput) ([]api.Check, error) {
	return describing("DescribeTags"), nil
}

// place orders tags.
func place(t types.TagDescription) string { return *t.ResourceId + "\x00" + *t.Key }

// wanted lists the tags that fit the filters.
func wanted(l look, filters []types.Filter) ([]types.TagDescription, error) {
	var out []types.TagDescription
	for _, k := range kinds() {
		err := k.each(l, func(h Head) {
			for _, key := range slices.Sorted(maps.Keys(h.Tags)) {
				if tagFits(filters, k.resource(), h, key) {
					out = append(out, types.TagDescription{Key: &key, Value: new(h.Tags[key]), ResourceId: &h.ID, ResourceType: types.ResourceType(k.resource())})
				}
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func tagFits(filters []types.Filter, resource string, h Head, key string) bool {
	for _, f := range filters {
		var have []string
		switch name := text(f.Name); name {
		case "key":
			have = []string{key}
		case "value":
			have = []string{h.Tags[key]}
		case "resource-id":
			have = []string{h.ID}
		case "resource-type":
			have = []string{resource}
		default: // tag:<key>
			if strings.TrimPrefix(name, "tag:") == key {
				have = []string{h.Tags[key]}
			}
		}
		if !fits(f.Values, have) {
			return false
		}
	}
	return true
}
