package resourcegroupstaggingapi

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
)

// query is what GetResources looks for.
type query struct {
	kinds     []string // "ssm" or "ssm:parameter"; none for all
	tags      []types.TagFilter
	arns      []string // none for all
	resources int      // how many on a page; 0 for any number
	pairs     int      // how many tags on a page; 0 for any number
}

// How long pages may be.
// Source: Resource Groups Tagging API Reference, "GetResources".
const (
	defaultResources = 50
	mostResources    = 100
	fewestPairs      = 100
	mostPairs        = 500
	mostKinds        = 100
)

// newQuery reads a request, as far as the model has not.
func newQuery(in *tagging.GetResourcesInput) (*query, error) {
	if err := compliance(in); err != nil {
		return nil, err
	}
	q := &query{kinds: in.ResourceTypeFilters, tags: in.TagFilters, arns: in.ResourceARNList}
	if len(q.arns) > 0 {
		return q, q.named(in)
	}
	if len(q.kinds) > mostKinds {
		return nil, invalid("ResourceTypeFilters can have %d items at most.", mostKinds)
	}
	for _, kind := range q.kinds {
		if !kindForm.MatchString(kind) {
			service, _, _ := strings.Cut(kind, ":")
			return nil, invalid("Unsupported service=%s in ResourceTypeFilter - %s", service, kind)
		}
	}
	for _, f := range q.tags {
		if f.Key == nil {
			return nil, invalid("A TagFilter must have a key.")
		}
	}
	return q, q.sizes(in)
}

// kindForm is service[:resourceType].
var kindForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*(:[A-Za-z0-9][A-Za-z0-9_./-]*)?$`)

// compliance refuses what would need tag policies.
func compliance(in *tagging.GetResourcesInput) error {
	switch {
	case aws.ToBool(in.ExcludeCompliantResources) && !aws.ToBool(in.IncludeComplianceDetails):
		return invalid("You can use ExcludeCompliantResources only if IncludeComplianceDetails is also set to true.")
	case aws.ToBool(in.IncludeComplianceDetails):
		return invalid("IncludeComplianceDetails is not available here: there are no tag policies to comply with.")
	}
	return nil
}

// named checks a request for resources by name, which nothing goes with.
func (q *query) named(in *tagging.GetResourcesInput) error {
	with := ""
	switch {
	case len(in.TagFilters) > 0:
		with = "TagFilters"
	case len(in.ResourceTypeFilters) > 0:
		with = "ResourceTypeFilters"
	case in.ResourcesPerPage != nil:
		with = "ResourcesPerPage"
	case in.TagsPerPage != nil:
		with = "TagsPerPage"
	case aws.ToString(in.PaginationToken) != "":
		with = "PaginationToken"
	}
	if with != "" {
		return invalid("You can't specify both ResourceARNList and %s in the same request.", with)
	}
	for _, name := range q.arns {
		if err := checkARN(name); err != nil {
			return err
		}
	}
	return nil
}

func (q *query) sizes(in *tagging.GetResourcesInput) error {
	q.resources, q.pairs = int(aws.ToInt32(in.ResourcesPerPage)), int(aws.ToInt32(in.TagsPerPage))
	switch {
	case in.ResourcesPerPage != nil && (q.resources < 1 || q.resources > mostResources):
		return invalid("ResourcesPerPage must be between 1 and %d.", mostResources)
	case in.TagsPerPage != nil && (q.pairs < fewestPairs || q.pairs > mostPairs):
		return invalid("TagsPerPage must be between %d and %d.", fewestPairs, mostPairs)
	case q.resources == 0 && q.pairs == 0:
		q.resources = defaultResources
	}
	return nil
}

// checkARN refuses what is no ARN of this partition, in AWS's words.
func checkARN(name string) error {
	if a, err := arn.Parse(name); err != nil || a.Partition != "aws" {
		return invalid("%s not a valid AmazonResourceName (ARN)", name)
	}
	return nil
}

// wants tells whether resources of a service can be among those sought.
func (q *query) wants(service string) bool {
	if len(q.arns) > 0 {
		return slices.ContainsFunc(q.arns, func(name string) bool {
			a, err := arn.Parse(name)
			return err == nil && a.Service == service
		})
	}
	return len(q.kinds) == 0 || slices.ContainsFunc(q.kinds, func(kind string) bool {
		return kind == service || strings.HasPrefix(kind, service+":")
	})
}

// fits tells whether a resource is sought: by one of the ARNs or types, and by
// every tag filter.
func (q *query) fits(r api.Tagged) bool {
	if len(q.arns) > 0 {
		return slices.Contains(q.arns, r.ARN)
	}
	service, _, _ := strings.Cut(r.Type, ":")
	if len(q.kinds) > 0 && !slices.Contains(q.kinds, r.Type) && !slices.Contains(q.kinds, service) {
		return false
	}
	for _, f := range q.tags {
		value, has := r.Tags[*f.Key]
		if !has || len(f.Values) > 0 && !slices.Contains(f.Values, value) {
			return false
		}
	}
	return true
}
