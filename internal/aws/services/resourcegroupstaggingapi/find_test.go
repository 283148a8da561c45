package resourcegroupstaggingapi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
)

func TestFindingByTagsTypesAndNames(t *testing.T) {
	f := start(t, apitest.Options{})
	p := f.parameter("/office/room", map[string]string{"team": "sales", "stage": "prod"})
	q := f.parameter("/office/hall", map[string]string{"team": "it"})
	k := f.key(map[string]string{"team": "sales", "stage": "test"})
	bare := f.parameter("bare", nil)
	pl, ql, kl := p+" stage=prod team=sales", q+" team=it", k+" stage=test team=sales"
	team := func(values ...string) []types.TagFilter { return []types.TagFilter{filter("team", values...)} }
	for _, c := range []struct {
		name string
		in   tagging.GetResourcesInput
		want []string
	}{
		{"everything but what has no tags", tagging.GetResourcesInput{}, []string{pl, ql, kl}},
		{"a key with one value", tagging.GetResourcesInput{TagFilters: team("sales")}, []string{pl, kl}},
		{"a key with either of two values", tagging.GetResourcesInput{TagFilters: team("sales", "it")}, []string{pl, ql, kl}},
		{"a key with any value", tagging.GetResourcesInput{TagFilters: []types.TagFilter{filter("stage")}}, []string{pl, kl}},
		{"two keys that must both fit", tagging.GetResourcesInput{TagFilters: append(team("sales", "it"), filter("stage", "prod"))}, []string{pl}},
		{"values are told apart by case", tagging.GetResourcesInput{TagFilters: team("Sales")}, nil},
		{"a service", tagging.GetResourcesInput{ResourceTypeFilters: []string{"ssm"}}, []string{pl, ql}},
		{"a type and a service", tagging.GetResourcesInput{ResourceTypeFilters: []string{"ssm:parameter", "kms"}}, []string{pl, ql, kl}},
		{"a type of which nothing is tagged", tagging.GetResourcesInput{ResourceTypeFilters: []string{"ssm:document"}}, nil},
		{"a service that is not here", tagging.GetResourcesInput{ResourceTypeFilters: []string{"ec2:instance"}}, nil},
		{"a type and a tag", tagging.GetResourcesInput{ResourceTypeFilters: []string{"kms:key"}, TagFilters: team("sales")}, []string{kl}},
		{"names, of which some find nothing", tagging.GetResourcesInput{ResourceARNList: []string{k, bare, p + "x"}}, []string{kl}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f.t = t
			f.same(c.name, &c.in, c.want...)
		})
	}
}

func TestWhatCannotBeLookedFor(t *testing.T) {
	f := start(t, apitest.Options{})
	one := []string{f.arn("ssm", "parameter/x")}
	for _, c := range []struct {
		name string
		in   tagging.GetResourcesInput
		part string
	}{
		{"names with tags", tagging.GetResourcesInput{ResourceARNList: one, TagFilters: []types.TagFilter{filter("a")}}, "both ResourceARNList and TagFilters"},
		{"names with types", tagging.GetResourcesInput{ResourceARNList: one, ResourceTypeFilters: []string{"s3"}}, "ResourceTypeFilters"},
		{"names with a page size", tagging.GetResourcesInput{ResourceARNList: one, ResourcesPerPage: aws.Int32(5)}, "ResourcesPerPage"},
		{"names with a page size in tags", tagging.GetResourcesInput{ResourceARNList: one, TagsPerPage: aws.Int32(100)}, "TagsPerPage"},
		{"names with a token", tagging.GetResourcesInput{ResourceARNList: one, PaginationToken: aws.String("x")}, "PaginationToken"},
		{"a name that is no ARN", tagging.GetResourcesInput{ResourceARNList: []string{"room"}}, "room not a valid AmazonResourceName (ARN)"},
		{"a type without a service", tagging.GetResourcesInput{ResourceTypeFilters: []string{":key"}}, "Unsupported service= in ResourceTypeFilter - :key"},
		{"a type that ends too early", tagging.GetResourcesInput{ResourceTypeFilters: []string{"kms:"}}, "in ResourceTypeFilter - kms:"},
		{"a type of three parts", tagging.GetResourcesInput{ResourceTypeFilters: []string{"a:b:c"}}, "in ResourceTypeFilter - a:b:c"},
		{"a tag without a key", tagging.GetResourcesInput{TagFilters: []types.TagFilter{{Values: []string{"x"}}}}, "must have a key"},
		{"no resources on a page", tagging.GetResourcesInput{ResourcesPerPage: aws.Int32(0)}, "between 1 and 100"},
		{"too many resources on a page", tagging.GetResourcesInput{ResourcesPerPage: aws.Int32(101)}, "between 1 and 100"},
		{"too few tags on a page", tagging.GetResourcesInput{TagsPerPage: aws.Int32(99)}, "between 100 and 500"},
		{"too many tags on a page", tagging.GetResourcesInput{TagsPerPage: aws.Int32(501)}, "between 100 and 500"},
		{"compliance", tagging.GetResourcesInput{IncludeComplianceDetails: aws.Bool(true)}, "no tag policies"},
		{"what complies left out", tagging.GetResourcesInput{ExcludeCompliantResources: aws.Bool(true)}, "only if IncludeComplianceDetails"},
		{"a token that nobody gave", tagging.GetResourcesInput{PaginationToken: aws.String("more")}, "PaginationToken is not valid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := f.GetResources(t.Context(), &c.in)
			apitest.Refused(t, c.name, err, "InvalidParameterException", c.part)
		})
	}
}

func TestPages(t *testing.T) {
	clk := clock.NewFrozen(time.Now().Add(-8 * time.Minute)) // signatures are good within fifteen
	f := start(t, apitest.Options{Clock: clk})
	for i := range 5 {
		tags := map[string]string{}
		for j := range 40 {
			tags[fmt.Sprintf("k%d-%02d", i, j)] = fmt.Sprint("v", i)
		}
		tags["n"] = fmt.Sprint(i)
		f.parameter(fmt.Sprint("p", i), tags)
	}
	sizes := func(in tagging.GetResourcesInput) string {
		var out []string
		for _, page := range f.found(&in) {
			out = append(out, fmt.Sprint(len(page)))
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		name string
		in   tagging.GetResourcesInput
		want string
	}{
		{"no limit", tagging.GetResourcesInput{}, "5"},
		{"two resources", tagging.GetResourcesInput{ResourcesPerPage: aws.Int32(2)}, "2 2 1"},
		{"a hundred tags, which splits no resource of 41", tagging.GetResourcesInput{TagsPerPage: aws.Int32(100)}, "2 2 1"},
		{"two hundred tags", tagging.GetResourcesInput{TagsPerPage: aws.Int32(200)}, "4 1"},
		{"both limits", tagging.GetResourcesInput{TagsPerPage: aws.Int32(500), ResourcesPerPage: aws.Int32(1)}, "1 1 1 1 1"},
	} {
		if got := sizes(c.in); got != c.want {
			t.Errorf("%s: want pages of %s, got %s", c.name, c.want, got)
		}
	}
	first, err := f.GetResources(t.Context(), &tagging.GetResourcesInput{ResourcesPerPage: aws.Int32(2)})
	done(t, "first page", err)
	keys, err := f.GetTagKeys(t.Context(), &tagging.GetTagKeysInput{})
	done(t, "keys", err)
	if len(keys.TagKeys) != 100 || !slices.IsSorted(keys.TagKeys) {
		t.Errorf("first page of keys: want 100, sorted, got %v", keys.TagKeys)
	}
	_, err = f.GetResources(t.Context(), &tagging.GetResourcesInput{PaginationToken: keys.PaginationToken})
	apitest.Refused(t, "the token of another list", err, "InvalidParameterException", "PaginationToken")
	clk.Advance(16 * time.Minute)
	_, err = f.GetResources(t.Context(), &tagging.GetResourcesInput{PaginationToken: first.PaginationToken, ResourcesPerPage: aws.Int32(2)})
	apitest.Refused(t, "a token after sixteen minutes", err, "PaginationTokenExpiredException", "expired")
	_, err = f.GetTagKeys(t.Context(), &tagging.GetTagKeysInput{PaginationToken: keys.PaginationToken})
	apitest.Refused(t, "a token of keys after sixteen minutes", err, "PaginationTokenExpiredException", "expired")
}

func TestKeysAndValues(t *testing.T) {
	f := start(t, apitest.Options{})
	f.parameter("a", map[string]string{"team": "sales", "stage": "prod"})
	f.parameter("b", map[string]string{"team": "it", "Empty": ""})
	f.key(map[string]string{"team": "sales"})
	keys, err := f.GetTagKeys(t.Context(), &tagging.GetTagKeysInput{})
	done(t, "keys", err)
	if want := []string{"Empty", "stage", "team"}; !slices.Equal(keys.TagKeys, want) || keys.PaginationToken == nil || *keys.PaginationToken != "" {
		t.Errorf("want the keys %q and an empty token, got %q and %v", want, keys.TagKeys, keys.PaginationToken)
	}
	for key, want := range map[string][]string{"team": {"it", "sales"}, "Empty": {""}, "none": {}} {
		values, err := f.GetTagValues(t.Context(), &tagging.GetTagValuesInput{Key: &key})
		done(t, "values", err)
		if !slices.Equal(values.TagValues, want) || *values.PaginationToken != "" {
			t.Errorf("values of %s: want %q, got %q", key, want, values.TagValues)
		}
	}
	_, err = f.GetTagKeys(t.Context(), &tagging.GetTagKeysInput{PaginationToken: aws.String("more")})
	apitest.Refused(t, "a token of keys that nobody gave", err, "InvalidParameterException", "PaginationToken")
	_, err = f.GetTagValues(t.Context(), &tagging.GetTagValuesInput{Key: aws.String("team"), PaginationToken: aws.String("more")})
	apitest.Refused(t, "a token of values that nobody gave", err, "InvalidParameterException", "PaginationToken")
}

func TestPagesOfValues(t *testing.T) {
	f := start(t, apitest.Options{})
	want := []string{""} // an empty value comes first and only once
	f.parameter("empty", map[string]string{"n": ""})
	for i := range 120 {
		f.parameter(fmt.Sprint("p", i), map[string]string{"n": fmt.Sprintf("%03d", i)})
		want = append(want, fmt.Sprintf("%03d", i))
	}
	var got []string
	p := tagging.NewGetTagValuesPaginator(f.Client, &tagging.GetTagValuesInput{Key: aws.String("n")})
	pages := 0
	for p.HasMorePages() {
		out, err := p.NextPage(t.Context())
		done(t, "values", err)
		got, pages = append(got, out.TagValues...), pages+1
	}
	if !slices.Equal(got, want) || pages != 2 {
		t.Errorf("want all values once on two pages, got %d of %d on %d", len(got), len(want), pages)
	}
}
