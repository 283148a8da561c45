package parameterstore_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/apitest"
)

func stringFilter(key, option string, values ...string) types.ParameterStringFilter {
	f := types.ParameterStringFilter{Key: &key, Values: values}
	if option != "" {
		f.Option = &option
	}
	return f
}

// some puts a few parameters that lists can tell apart.
func some(c client) {
	for _, name := range []string{"/a/x", "/a/b/c", "/a/b/d/e", "/a/b0", "/a/z", "/ab", "plain", "other"} {
		c.put(name, "v"+name)
	}
	c.put("/a/y", "1", advanced, func(in *ssm.PutParameterInput) {
		in.Type = types.ParameterTypeStringList
		in.Tags = []types.Tag{{Key: aws.String("Team"), Value: aws.String("night shift")}}
	})
}

func TestGetParametersByPath(t *testing.T) {
	c := open(t)
	some(c)
	c.put("/a/x", "two", overwrite)
	if _, err := c.LabelParameterVersion(t.Context(), &ssm.LabelParameterVersionInput{Name: aws.String("/a/x"), ParameterVersion: aws.Int64(1), Labels: []string{"old"}}); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, path string
		recursive  bool
		filters    []types.ParameterStringFilter
		want       string
	}{
		{"directly in a path", "/a", false, nil, "/a/b0 /a/x=two /a/y /a/z"},
		{"a slash at the end changes nothing", "/a/", false, nil, "/a/b0 /a/x=two /a/y /a/z"},
		{"at any depth", "/a", true, nil, "/a/b/c /a/b/d/e /a/b0 /a/x=two /a/y /a/z"},
		{"the root holds names without a slash", "/", false, nil, "/ab other plain"},
		{"all", "/", true, nil, "/a/b/c /a/b/d/e /a/b0 /a/x=two /a/y /a/z /ab other plain"},
		{"nothing there", "/none", true, nil, ""},
		{"a parameter is no path", "/ab", true, nil, ""},
		{"by type", "/a", true, []types.ParameterStringFilter{stringFilter("Type", "", "StringList")}, "/a/y"},
		{"by label, the version that has it", "/a", true, []types.ParameterStringFilter{stringFilter("Label", "Equals", "old")}, "/a/x=v/a/x:old"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			pages := ssm.NewGetParametersByPathPaginator(c.Client, &ssm.GetParametersByPathInput{
				Path: &tc.path, Recursive: &tc.recursive, ParameterFilters: tc.filters, MaxResults: aws.Int32(2),
			})
			for pages.HasMorePages() {
				page, err := pages.NextPage(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range page.Parameters {
					text := *p.Name
					if text == "/a/x" {
						text += "=" + *p.Value + aws.ToString(p.Selector)
					}
					got = append(got, text)
				}
			}
			if s := strings.Join(got, " "); s != tc.want {
				t.Errorf("want %s, got %s", tc.want, s)
			}
		})
	}
	refusals := []struct {
		name, code string
		in         ssm.GetParametersByPathInput
	}{
		{"a path without a slash", "ValidationException", ssm.GetParametersByPathInput{Path: aws.String("a")}},
		{"two slashes", "ValidationException", ssm.GetParametersByPathInput{Path: aws.String("/a//b")}},
		{"a token that is none", "InvalidNextToken", ssm.GetParametersByPathInput{Path: aws.String("/a"), NextToken: aws.String("x")}},
		{"a filter by tier", "InvalidFilterKey", ssm.GetParametersByPathInput{Path: aws.String("/a"), ParameterFilters: []types.ParameterStringFilter{stringFilter("Tier", "", "Standard")}}},
		{"the beginning of a label", "InvalidFilterOption", ssm.GetParametersByPathInput{Path: aws.String("/a"), ParameterFilters: []types.ParameterStringFilter{stringFilter("Label", "BeginsWith", "o")}}},
		{"a filter without values", "InvalidFilterValue", ssm.GetParametersByPathInput{Path: aws.String("/a"), ParameterFilters: []types.ParameterStringFilter{stringFilter("Type", "")}}},
	}
	for _, tc := range refusals {
		t.Run(tc.name, func(t *testing.T) {
			_, err := c.GetParametersByPath(t.Context(), &tc.in)
			apitest.Refused(t, "GetParametersByPath", err, tc.code, "")
		})
	}
}

func TestDescribeParameters(t *testing.T) {
	c := open(t)
	some(c)
	tests := []struct {
		name    string
		filters []types.ParameterStringFilter
		want    string
	}{
		{"all", nil, "/a/b/c /a/b/d/e /a/b0 /a/x /a/y /a/z /ab other plain"},
		{"names", []types.ParameterStringFilter{stringFilter("Name", "Equals", "plain", "/a/x", "/none")}, "/a/x plain"},
		{"the beginning of names", []types.ParameterStringFilter{stringFilter("Name", "BeginsWith", "/a/b")}, "/a/b/c /a/b/d/e /a/b0"},
		{"a part of names", []types.ParameterStringFilter{stringFilter("Name", "Contains", "b")}, "/a/b/c /a/b/d/e /a/b0 /ab"},
		{"a path", []types.ParameterStringFilter{stringFilter("Path", "", "/a")}, "/a/b0 /a/x /a/y /a/z"},
		{"a path, at any depth", []types.ParameterStringFilter{stringFilter("Path", "Recursive", "/a/b")}, "/a/b/c /a/b/d/e"},
		{"a tier", []types.ParameterStringFilter{stringFilter("Tier", "", "Advanced")}, "/a/y"},
		{"a type", []types.ParameterStringFilter{stringFilter("Type", "", "StringList")}, "/a/y"},
		{"a tag's key", []types.ParameterStringFilter{stringFilter("tag:Team", "")}, "/a/y"},
		{"the beginning of a tag's value", []types.ParameterStringFilter{stringFilter("tag:Team", "BeginsWith", "night")}, "/a/y"},
		{"another tag's value", []types.ParameterStringFilter{stringFilter("tag:Team", "", "day")}, ""},
		{"a data type", []types.ParameterStringFilter{stringFilter("DataType", "", "aws:ec2:image")}, ""},
		{"a key", []types.ParameterStringFilter{stringFilter("KeyId", "", "alias/aws/ssm")}, ""},
		{"two filters", []types.ParameterStringFilter{stringFilter("Path", "", "/a"), stringFilter("Type", "", "String")}, "/a/b0 /a/x /a/z"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			pages := ssm.NewDescribeParametersPaginator(c.Client, &ssm.DescribeParametersInput{ParameterFilters: tc.filters, MaxResults: aws.Int32(2)})
			for pages.HasMorePages() {
				page, err := pages.NextPage(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range page.Parameters {
					got = append(got, *p.Name)
				}
			}
			if s := strings.Join(got, " "); s != tc.want {
				t.Errorf("want %s, got %s", tc.want, s)
			}
		})
	}
	old, err := c.DescribeParameters(t.Context(), &ssm.DescribeParametersInput{Filters: []types.ParametersFilter{{Key: "Name", Values: []string{"/a/b/"}}}})
	if err != nil || len(old.Parameters) != 2 || *old.Parameters[0].Name != "/a/b/c" {
		t.Errorf("want the two names that begin so, got %+v, %v", old, err)
	}
	refusals := []struct {
		name, code string
		in         ssm.DescribeParametersInput
	}{
		{"both forms of filters", "ValidationException", ssm.DescribeParametersInput{
			Filters: []types.ParametersFilter{{Key: "Name", Values: []string{"a"}}}, ParameterFilters: []types.ParameterStringFilter{stringFilter("Type", "", "String")},
		}},
		{"a label", "InvalidFilterKey", ssm.DescribeParametersInput{ParameterFilters: []types.ParameterStringFilter{stringFilter("Label", "", "x")}}},
		{"a filter twice", "InvalidFilterKey", ssm.DescribeParametersInput{ParameterFilters: []types.ParameterStringFilter{stringFilter("Type", "", "String"), stringFilter("Type", "", "String")}}},
		{"an option of paths for types", "InvalidFilterOption", ssm.DescribeParametersInput{ParameterFilters: []types.ParameterStringFilter{stringFilter("Type", "OneLevel", "String")}}},
		{"no type", "InvalidFilterOption", ssm.DescribeParametersInput{ParameterFilters: []types.ParameterStringFilter{stringFilter("Type", "", "Text")}}},
		{"a public path", "ValidationException", ssm.DescribeParametersInput{ParameterFilters: []types.ParameterStringFilter{stringFilter("Path", "", "/aws/service")}}},
		{"no values", "InvalidFilterValue", ssm.DescribeParametersInput{ParameterFilters: []types.ParameterStringFilter{stringFilter("Name", "")}}},
		{"a token of another list", "InvalidNextToken", ssm.DescribeParametersInput{NextToken: aws.String("WyJhIiwiYiJd")}},
	}
	for _, tc := range refusals {
		t.Run(tc.name, func(t *testing.T) {
			_, err := c.DescribeParameters(t.Context(), &tc.in)
			apitest.Refused(t, "DescribeParameters", err, tc.code, "")
		})
	}
}

// TestAParameterExpires lets a policy act in a running plane: the parameter
// goes by itself.
func TestAParameterExpires(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	c := client{ssm.NewFromConfig(p.Config()), t}
	soon := time.Now().Add(200 * time.Millisecond).UTC().Format("2006-01-02T15:04:05.000Z")
	c.put("/short/lived", "x", advanced, func(in *ssm.PutParameterInput) {
		in.Policies = aws.String(fmt.Sprintf(`[{"Type":"Expiration","Version":"1.0","Attributes":{"Timestamp":%q}}]`, soon))
	})
	var err error
	for late := time.Now().Add(20 * time.Second); err == nil && time.Now().Before(late); {
		_, err = c.GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String("/short/lived")})
	}
	apitest.Refused(t, "GetParameter", err, "ParameterNotFound", "")
}

// TestTerraformsCalls makes the calls of aws_ssm_parameter and of data
// aws_ssm_parameters_by_path, create to delete.
func TestTerraformsCalls(t *testing.T) {
	c := open(t)
	name := aws.String("/tf/db")
	tags := []types.Tag{{Key: aws.String("Env"), Value: aws.String("prod")}}
	read := func(value, description string, version int64, tag string) {
		t.Helper()
		got, err := c.GetParameter(t.Context(), &ssm.GetParameterInput{Name: name, WithDecryption: aws.Bool(true)})
		if err != nil || *got.Parameter.Value != value || got.Parameter.Version != version {
			t.Errorf("want %s in version %d, got %+v, %v", value, version, got, err)
		}
		all, err := c.DescribeParameters(t.Context(), &ssm.DescribeParametersInput{ParameterFilters: []types.ParameterStringFilter{stringFilter("Name", "Equals", *name)}})
		if err != nil || len(all.Parameters) != 1 {
			t.Fatalf("want one parameter, got %+v, %v", all, err)
		}
		if p := all.Parameters[0]; *p.Description != description || p.Tier != types.ParameterTierStandard || *p.AllowedPattern != ".+" || *p.DataType != "text" {
			t.Errorf("got %+v", p)
		}
		list, err := c.ListTagsForResource(t.Context(), &ssm.ListTagsForResourceInput{ResourceType: types.ResourceTypeForTaggingParameter, ResourceId: name})
		if err != nil || len(list.TagList) != 1 || *list.TagList[0].Value != tag {
			t.Errorf("want the tag %s, got %+v, %v", tag, list, err)
		}
	}
	c.put(*name, "one", func(in *ssm.PutParameterInput) {
		in.Overwrite, in.Tags, in.Tier = aws.Bool(false), tags, types.ParameterTierStandard
		in.AllowedPattern, in.Description, in.DataType = aws.String(".+"), aws.String("a database"), aws.String("text")
	})
	read("one", "a database", 1, "prod")
	c.put(*name, "two", overwrite, func(in *ssm.PutParameterInput) {
		in.AllowedPattern, in.Tier = aws.String(".+"), types.ParameterTierStandard
	})
	tags[0].Value = aws.String("test")
	if _, err := c.AddTagsToResource(t.Context(), &ssm.AddTagsToResourceInput{ResourceType: types.ResourceTypeForTaggingParameter, ResourceId: name, Tags: tags}); err != nil {
		t.Fatal(err)
	}
	read("two", "a database", 2, "test")
	path, err := c.GetParametersByPath(t.Context(), &ssm.GetParametersByPathInput{Path: aws.String("/tf"), Recursive: aws.Bool(true), WithDecryption: aws.Bool(true)})
	if err != nil || len(path.Parameters) != 1 {
		t.Errorf("want one parameter, got %+v, %v", path, err)
	}
	if _, err := c.DeleteParameter(t.Context(), &ssm.DeleteParameterInput{Name: name}); err != nil {
		t.Fatal(err)
	}
	_, err = c.GetParameter(t.Context(), &ssm.GetParameterInput{Name: name, WithDecryption: aws.Bool(true)})
	apitest.Refused(t, "GetParameter", err, "ParameterNotFound", "")
}
