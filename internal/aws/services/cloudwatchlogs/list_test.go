package cloudwatchlogs_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"tamachi/internal/aws/apitest"
)

// TestListLogGroups lists by names, classes and tags, page by page.
func TestListLogGroups(t *testing.T) {
	o := open(t)
	for _, name := range []string{"/aws/lambda/a", "/aws/lambda/b", "/office/lambda", "/office/discovery"} {
		o.group(name)
	}
	_, err := o.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{
		LogGroupName: aws.String("/rare"), LogGroupClass: types.LogGroupClassInfrequentAccess, Tags: map[string]string{"Stage": "Production"},
	})
	done(t, "create a group", err)
	names := func(in *cloudwatchlogs.ListLogGroupsInput) []string {
		t.Helper()
		got := []string{}
		for {
			page, err := o.ListLogGroups(t.Context(), in)
			done(t, "list", err)
			for _, g := range page.LogGroups {
				got = append(got, *g.LogGroupName)
			}
			if in.NextToken = page.NextToken; in.NextToken == nil {
				return got
			}
		}
	}
	tagged := func(values ...string) cloudwatchlogs.ListLogGroupsInput {
		return cloudwatchlogs.ListLogGroupsInput{LogGroupTags: []types.TagFilter{{Key: aws.String("Stage"), Values: values}}}
	}
	for _, tc := range []struct {
		name string
		in   cloudwatchlogs.ListLogGroupsInput
		want []string
	}{
		{"all, two a page", cloudwatchlogs.ListLogGroupsInput{Limit: aws.Int32(2)}, []string{"/aws/lambda/a", "/aws/lambda/b", "/office/discovery", "/office/lambda", "/rare"}},
		{"a prefix or a part", cloudwatchlogs.ListLogGroupsInput{LogGroupNamePattern: aws.String("^/aws/lambda|discovery")}, []string{"/aws/lambda/a", "/aws/lambda/b", "/office/discovery"}},
		{"a prefix is no part", cloudwatchlogs.ListLogGroupsInput{LogGroupNamePattern: aws.String("^lambda")}, []string{}},
		{"a class", cloudwatchlogs.ListLogGroupsInput{LogGroupClass: types.LogGroupClassInfrequentAccess}, []string{"/rare"}},
		{"a tag", tagged(), []string{"/rare"}},
		{"a tag's value", tagged("Staging", "Production"), []string{"/rare"}},
		{"case matters", tagged("production"), []string{}},
		{"but not with a wildcard", tagged("prod*"), []string{"/rare"}},
		{"anywhere", tagged("*duct*"), []string{"/rare"}},
		{"anything else", tagged("!Production"), []string{}},
		{"no group has field indexes", cloudwatchlogs.ListLogGroupsInput{FieldIndexNames: []string{"x"}}, []string{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := names(&tc.in); !slices.Equal(got, tc.want) {
				t.Errorf("want %v, got %v", tc.want, got)
			}
		})
	}
	_, err = o.ListLogGroups(t.Context(), &cloudwatchlogs.ListLogGroupsInput{IncludeLinkedAccounts: aws.Bool(true)})
	apitest.Refused(t, "no monitoring account", err, "InvalidParameterException", "not a monitoring account")
}
