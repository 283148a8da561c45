package resourcegroups_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	rg "github.com/aws/aws-sdk-go-v2/service/resourcegroups"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroups/types"
	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/apitest"
)

type fixture struct {
	*rg.Client
	t     *testing.T
	plane *apitest.Plane
}

func start(t *testing.T) *fixture {
	t.Helper()
	p := apitest.Start(t, apitest.Options{})
	return &fixture{rg.NewFromConfig(p.Config()), t, p}
}

func done(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func (f *fixture) parameter(name string, tags ...string) {
	f.t.Helper()
	in := &ssm.PutParameterInput{Name: &name, Value: aws.String("v"), Type: ssmtypes.ParameterTypeString}
	for i := 0; i+1 < len(tags); i += 2 {
		in.Tags = append(in.Tags, ssmtypes.Tag{Key: &tags[i], Value: &tags[i+1]})
	}
	_, err := ssm.NewFromConfig(f.plane.Config()).PutParameter(f.t.Context(), in)
	done(f.t, "put "+name, err)
}

func byTags(text string) *types.ResourceQuery {
	return &types.ResourceQuery{Type: types.QueryTypeTagFilters10, Query: &text}
}

// group makes a group and returns its ARN.
func (f *fixture) group(name, query string) string {
	f.t.Helper()
	out, err := f.CreateGroup(f.t.Context(), &rg.CreateGroupInput{Name: &name, ResourceQuery: byTags(query)})
	done(f.t, "create "+name, err)
	return *out.Group.GroupArn
}

// held are the last parts of the ARNs that a group holds.
func (f *fixture) held(in *rg.ListGroupResourcesInput) (out []string) {
	f.t.Helper()
	p := rg.NewListGroupResourcesPaginator(f.Client, in)
	for p.HasMorePages() {
		page, err := p.NextPage(f.t.Context())
		done(f.t, "list", err)
		if in.MaxResults != nil && len(page.Resources) > int(*in.MaxResults) {
			f.t.Errorf("a page of %d has %d", *in.MaxResults, len(page.Resources))
		}
		for i, r := range page.Resources {
			if *page.ResourceIdentifiers[i].ResourceArn != *r.Identifier.ResourceArn { //nolint:staticcheck // deprecated, and clients still use it
				f.t.Errorf("the two lists differ at %d", i)
			}
			a := *r.Identifier.ResourceArn
			out = append(out, a[strings.LastIndexAny(a, ":/")+1:])
		}
	}
	return out
}

const (
	sales = `{"ResourceTypeFilters":["AWS::AllSupported"],"TagFilters":[{"Key":"team","Values":["sales"]}]}`
	nodes = `{"ResourceTypeFilters":["AWS::SSM::ManagedInstance"],"TagFilters":[{"Key":"team","Values":["sales","it"]}]}`
)

func TestAGroupHoldsWhatItsQueryFinds(t *testing.T) {
	f := start(t)
	f.parameter("a", "team", "sales")
	f.parameter("b", "team", "sales", "stage", "prod")
	f.parameter("c", "team", "it")
	f.parameter("d")
	node := f.plane.Node(map[string]string{"team": "sales"})
	f.group("sales", sales)
	f.group("machines", nodes)
	for _, c := range []struct {
		name string
		in   rg.ListGroupResourcesInput
		want []string
	}{
		{"by a tag, of all types", rg.ListGroupResourcesInput{Group: aws.String("sales")}, []string{node, "a", "b"}},
		{"in pages", rg.ListGroupResourcesInput{Group: aws.String("sales"), MaxResults: aws.Int32(1)}, []string{node, "a", "b"}},
		{"limited to a type by the caller", rg.ListGroupResourcesInput{Group: aws.String("sales"), Filters: []types.ResourceFilter{
			{Name: types.ResourceFilterNameResourceType, Values: []string{"AWS::SSM::Parameter"}},
		}}, []string{"a", "b"}},
		{"limited to a type by the query", rg.ListGroupResourcesInput{GroupName: aws.String("machines")}, []string{node}}, //nolint:staticcheck // deprecated, and clients still use it
	} {
		if got := f.held(&c.in); !slices.Equal(got, c.want) {
			t.Errorf("%s: want %v, got %v", c.name, c.want, got)
		}
	}
	f.parameter("late", "team", "sales")
	if got := f.held(&rg.ListGroupResourcesInput{Group: aws.String("sales")}); !slices.Contains(got, "late") {
		t.Errorf("what was tagged later is not in the group: %v", got)
	}
	out, err := f.SearchResources(t.Context(), &rg.SearchResourcesInput{ResourceQuery: byTags(nodes)})
	done(t, "search", err)
	if len(out.ResourceIdentifiers) != 1 || *out.ResourceIdentifiers[0].ResourceType != "AWS::SSM::ManagedInstance" {
		t.Errorf("the search found %v", out.ResourceIdentifiers)
	}
	_, err = f.SearchResources(t.Context(), &rg.SearchResourcesInput{ResourceQuery: byTags("x")})
	apitest.Refused(t, "search by no query", err, "BadRequestException", "Query not valid")
	_, err = f.ListGroupResources(t.Context(), &rg.ListGroupResourcesInput{Group: aws.String("none")})
	apitest.Refused(t, "list a group that is not there", err, "NotFoundException", "none")
}

func TestAGroupIsChangedAndDeleted(t *testing.T) {
	f := start(t)
	name := f.group("sales", sales)
	ctx := t.Context()
	_, err := f.CreateGroup(ctx, &rg.CreateGroupInput{Name: aws.String("sales"), ResourceQuery: byTags(sales)})
	apitest.Refused(t, "create it twice", err, "BadRequestException", "group already exists")
	_, err = f.UpdateGroup(ctx, &rg.UpdateGroupInput{Group: &name, Description: aws.String("all of sales"), Owner: aws.String("kato"), Criticality: aws.Int32(2)})
	done(t, "update", err)
	got, err := f.GetGroup(ctx, &rg.GetGroupInput{Group: aws.String("sales")})
	done(t, "get", err)
	if *got.Group.Description != "all of sales" || *got.Group.Owner != "kato" || *got.Group.GroupArn != name {
		t.Errorf("got %v", got.Group)
	}
	_, err = f.UpdateGroupQuery(ctx, &rg.UpdateGroupQueryInput{Group: &name, ResourceQuery: byTags(nodes)})
	done(t, "update the query", err)
	query, err := f.GetGroupQuery(ctx, &rg.GetGroupQueryInput{GroupName: aws.String("sales")}) //nolint:staticcheck // deprecated, and clients still use it
	done(t, "get the query", err)
	if *query.GroupQuery.ResourceQuery.Query != nodes {
		t.Errorf("got %s", *query.GroupQuery.ResourceQuery.Query)
	}
	f.tags(name)
	f.group("other", nodes)
	for _, c := range []struct {
		filter types.GroupFilterName
		value  string
		want   int
	}{
		{types.GroupFilterNameResourceType, "AWS::SSM::ManagedInstance", 2},
		{types.GroupFilterNameOwner, "kato", 1},
		{types.GroupFilterNameCriticality, "2", 1},
		{types.GroupFilterNameDisplayName, "x", 0},
		{types.GroupFilterNameConfigurationType, "AWS::EC2::HostManagement", 0},
	} {
		out, err := f.ListGroups(ctx, &rg.ListGroupsInput{Filters: []types.GroupFilter{{Name: c.filter, Values: []string{c.value}}}})
		done(t, "list", err)
		if len(out.Groups) != c.want || len(out.GroupIdentifiers) != c.want { //nolint:staticcheck // deprecated, and clients still use it
			t.Errorf("%s %s: want %d groups, got %v", c.filter, c.value, c.want, out.GroupIdentifiers)
		}
	}
	first, err := f.ListGroups(ctx, &rg.ListGroupsInput{MaxResults: aws.Int32(1)})
	done(t, "list one", err)
	second, err := f.ListGroups(ctx, &rg.ListGroupsInput{NextToken: first.NextToken})
	done(t, "list the rest", err)
	if *first.Groups[0].Name != "other" || *second.Groups[0].Name != "sales" || second.NextToken != nil { //nolint:staticcheck // deprecated, and clients still use it
		t.Errorf("got %v, then %v", first.Groups, second.Groups) //nolint:staticcheck // deprecated, and clients still use it
	}
	_, err = f.ListGroups(ctx, &rg.ListGroupsInput{NextToken: aws.String("x")})
	apitest.Refused(t, "list by a token that nobody gave", err, "BadRequestException", "NextToken")
	_, err = f.DeleteGroup(ctx, &rg.DeleteGroupInput{Group: aws.String("sales")})
	done(t, "delete", err)
	f.gone(name)
}

// tags tags a group in both ways.
func (f *fixture) tags(name string) {
	f.t.Helper()
	ctx := f.t.Context()
	_, err := f.Tag(ctx, &rg.TagInput{Arn: &name, Tags: map[string]string{"a": "1", "b": "2"}})
	done(f.t, "tag", err)
	_, err = f.Untag(ctx, &rg.UntagInput{Arn: &name, Keys: []string{"a"}})
	done(f.t, "untag", err)
	editor := tagging.NewFromConfig(f.plane.Config())
	out, err := editor.TagResources(ctx, &tagging.TagResourcesInput{ResourceARNList: []string{name}, Tags: map[string]string{"c": "3"}})
	if done(f.t, "tag by the Tag Editor", err); len(out.FailedResourcesMap) > 0 {
		f.t.Fatalf("the Tag Editor could not: %v", out.FailedResourcesMap)
	}
	got, err := f.GetTags(ctx, &rg.GetTagsInput{Arn: &name})
	done(f.t, "get tags", err)
	if len(got.Tags) != 2 || got.Tags["b"] != "2" || got.Tags["c"] != "3" {
		f.t.Errorf("got %v", got.Tags)
	}
	_, err = f.Tag(ctx, &rg.TagInput{Arn: &name, Tags: map[string]string{"aws:x": "1"}})
	apitest.Refused(f.t, "tag as AWS", err, "BadRequestException", "reserved")
}

// gone wants that nothing can be done with a group.
func (f *fixture) gone(name string) {
	f.t.Helper()
	ctx := f.t.Context()
	for what, try := range map[string]func() error{
		"get":       func() error { _, err := f.GetGroup(ctx, &rg.GetGroupInput{Group: &name}); return err },
		"get query": func() error { _, err := f.GetGroupQuery(ctx, &rg.GetGroupQueryInput{Group: &name}); return err },
		"get tags":  func() error { _, err := f.GetTags(ctx, &rg.GetTagsInput{Arn: &name}); return err },
		"delete":    func() error { _, err := f.DeleteGroup(ctx, &rg.DeleteGroupInput{Group: &name}); return err },
		"update":    func() error { _, err := f.UpdateGroup(ctx, &rg.UpdateGroupInput{Group: &name}); return err },
		"update query": func() error {
			_, err := f.UpdateGroupQuery(ctx, &rg.UpdateGroupQueryInput{Group: &name, ResourceQuery: byTags(sales)})
			return err
		},
		"tag": func() error {
			_, err := f.Tag(ctx, &rg.TagInput{Arn: &name, Tags: map[string]string{"a": "b"}})
			return err
		},
		"untag": func() error { _, err := f.Untag(ctx, &rg.UntagInput{Arn: &name, Keys: []string{"a"}}); return err },
	} {
		apitest.Refused(f.t, what, try(), "NotFoundException", "sales")
	}
}

func TestWhatCannotBeAGroup(t *testing.T) {
	f := start(t)
	for _, c := range []struct{ name, group, query, part string }{
		{"a name of AWS's", "aws-x", sales, "reserved"},
		{"a query that is no JSON", "x", "{", "no JSON object"},
		{"a query of unknown members", "x", `{"Tags":[]}`, "no JSON object"},
		{"no types", "x", `{"TagFilters":[]}`, "at least one type"},
		{"a type of ours", "x", `{"ResourceTypeFilters":["ssm:parameter"]}`, "no type of resources"},
		{"a filter without a key", "x", `{"ResourceTypeFilters":["AWS::AllSupported"],"TagFilters":[{"Values":["a"]}]}`, "must have a key"},
		{"a key twice", "x", `{"ResourceTypeFilters":["AWS::AllSupported"],"TagFilters":[{"Key":"a"},{"Key":"a"}]}`, "twice"},
	} {
		_, err := f.CreateGroup(t.Context(), &rg.CreateGroupInput{Name: &c.group, ResourceQuery: byTags(c.query)})
		apitest.Refused(t, c.name, err, "BadRequestException", c.part)
	}
	_, err := f.CreateGroup(t.Context(), &rg.CreateGroupInput{Name: aws.String("x"), ResourceQuery: &types.ResourceQuery{
		Type: types.QueryTypeCloudformationStack10, Query: aws.String("{}"),
	}})
	apitest.Refused(t, "a stack", err, "BadRequestException", "stacks")
	_, err = f.CreateGroup(t.Context(), &rg.CreateGroupInput{Name: aws.String("x")})
	apitest.Refused(t, "neither query nor configuration", err, "BadRequestException", "query")
	_, err = f.GetGroup(t.Context(), &rg.GetGroupInput{})
	apitest.Refused(t, "no name", err, "BadRequestException", "specify a group")
}

func TestACommandGoesToAGroup(t *testing.T) {
	f := start(t)
	node := f.plane.Node(map[string]string{"team": "sales"})
	f.plane.Node(map[string]string{"team": "other"})
	f.group("machines", nodes)
	client := ssm.NewFromConfig(f.plane.Config())
	target := []ssmtypes.Target{{Key: aws.String("resource-groups:Name"), Values: []string{"machines"}}}
	sent, err := client.SendCommand(t.Context(), &ssm.SendCommandInput{
		DocumentName: aws.String("AWS-RunShellScript"), Parameters: map[string][]string{"commands": {"true"}}, Targets: target,
	})
	done(t, "send", err)
	out, err := client.ListCommandInvocations(t.Context(), &ssm.ListCommandInvocationsInput{CommandId: sent.Command.CommandId})
	done(t, "list", err)
	if sent.Command.TargetCount != 1 || len(out.CommandInvocations) != 1 || *out.CommandInvocations[0].InstanceId != node {
		t.Errorf("the command went to %v", out.CommandInvocations)
	}
	made, err := client.CreateAssociation(t.Context(), &ssm.CreateAssociationInput{
		Name: aws.String("AWS-RunShellScript"), Parameters: map[string][]string{"commands": {"true"}},
		Targets: []ssmtypes.Target{{Key: aws.String("resource-groups:Name"), Values: []string{"machines"}}},
	})
	done(t, "associate", err)
	apitest.Eventually(t, "the association on the group's node", func() bool {
		got, err := client.DescribeEffectiveInstanceAssociations(t.Context(), &ssm.DescribeEffectiveInstanceAssociationsInput{InstanceId: &node})
		done(t, "describe", err)
		return slices.ContainsFunc(got.Associations, func(a ssmtypes.InstanceAssociation) bool {
			return *a.AssociationId == *made.AssociationDescription.AssociationId
		})
	})
}
