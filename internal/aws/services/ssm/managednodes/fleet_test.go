package managednodes_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/apitest"
)

// TestNodesAreListedAndCounted asks for nodes of two Regions in all ways.
func TestNodesAreListedAndCounted(t *testing.T) {
	s, ctx := openSite(t), t.Context()
	near := []string{s.node(s.activate(nil)).ID, s.node(s.activate(nil)).ID}
	there := s.Config()
	there.Region = "us-west-2"
	a, err := ssm.NewFromConfig(there).CreateActivation(ctx, &ssm.CreateActivationInput{IamRole: aws.String(s.NodeRole())})
	wants(t, "activate elsewhere", err, "")
	far := s.nodeIn("us-west-2", a).ID
	_, err = s.ssm.CreateResourceDataSync(ctx, &ssm.CreateResourceDataSyncInput{
		SyncName: aws.String("both"), SyncType: aws.String("SyncFromSource"), SyncSource: &types.ResourceDataSyncSource{
			SourceType: aws.String("SingleAccountMultiRegions"), SourceRegions: []string{"us-west-2", s.Access().Region},
		},
	})
	wants(t, "a sync of two Regions", err, "")
	one := func(key types.NodeFilterKey, operator types.NodeFilterOperatorType, values ...string) []types.NodeFilter {
		return []types.NodeFilter{{Key: key, Type: operator, Values: values}}
	}
	both := aws.String("both")
	for _, row := range []struct {
		name    string
		sync    *string
		filters []types.NodeFilter
		want    int
		code    string
	}{
		{"the Region's own", nil, nil, 2, ""},
		{"those of a sync", both, nil, 3, ""},
		{"those of no sync", aws.String("AWS-QuickSetup-ManagedNode"), nil, 0, "ResourceDataSyncNotFoundException"},
		{"by id", nil, one(types.NodeFilterKeyInstanceId, "", near[0]), 1, ""},
		{"by the other ids", both, one(types.NodeFilterKeyInstanceId, types.NodeFilterOperatorTypeNotEqual, near...), 1, ""},
		{"by Region", both, one(types.NodeFilterKeyRegion, "", "us-west-2"), 1, ""},
		{"by account", both, one(types.NodeFilterKeyAccountId, "", s.Access().Account), 3, ""},
		{"by another account", both, one(types.NodeFilterKeyAccountId, "", "999988887777"), 0, ""},
		{"by a beginning", nil, one(types.NodeFilterKeyPlatformName, types.NodeFilterOperatorTypeBeginWith, "Debian"), 2, ""},
		{"by platform", nil, one(types.NodeFilterKeyPlatformType, "", "Linux", "Windows"), 2, ""},
		{"by a platform that AWS does not know", nil, one(types.NodeFilterKeyPlatformType, "", "BeOS"), 0, "InvalidFilter"},
		{"managed ones", nil, one(types.NodeFilterKeyManagedStatus, "", "All"), 2, ""},
		{"unmanaged ones", nil, one(types.NodeFilterKeyManagedStatus, "", "Unmanaged"), 0, ""},
		{"by agent", nil, one(types.NodeFilterKeyAgentType, "", "amazon-ssm-agent"), 2, ""},
		{"by status", nil, one(types.NodeFilterKeyInstanceStatus, "", "ConnectionLost"), 2, ""},
		{"by unit", nil, one(types.NodeFilterKeyOrganizationalUnitId, "", "ou-abcd-12345678"), 0, ""},
	} {
		out, err := s.ssm.ListNodes(ctx, &ssm.ListNodesInput{SyncName: row.sync, Filters: row.filters})
		wants(t, row.name, err, row.code)
		if err == nil && len(out.Nodes) != row.want {
			t.Errorf("%s: got %d nodes, want %d", row.name, len(out.Nodes), row.want)
		}
	}

	pages := ssm.NewListNodesPaginator(s.ssm, &ssm.ListNodesInput{SyncName: both, MaxResults: aws.Int32(1)})
	var seen []string
	for pages.HasMorePages() {
		out, err := pages.NextPage(ctx)
		if err != nil || len(out.Nodes) != 1 {
			t.Fatalf("a page of one: got %+v, %v", out, err)
		}
		seen = append(seen, *out.Nodes[0].Id)
	}
	if len(seen) != 3 || seen[2] != far {
		t.Errorf("page by page: got %v, want three, the last one %s", seen, far)
	}
	_, err = s.ssm.ListNodes(ctx, &ssm.ListNodesInput{NextToken: aws.String("x")})
	wants(t, "a page of nowhere", err, "InvalidNextToken")
	s.counted(both)
	s.inAUnit(near[0])
}

// inAUnit makes an organization of the nodes' account: in its root, the account
// is of no unit, and then of the one that it is moved to.
func (s *site) inAUnit(node string) {
	s.t.Helper()
	ctx, accounts := s.t.Context(), organizations.NewFromConfig(s.Config())
	made, err := accounts.CreateOrganization(ctx, &organizations.CreateOrganizationInput{})
	wants(s.t, "an organization", err, "")
	roots, err := accounts.ListRoots(ctx, &organizations.ListRootsInput{})
	wants(s.t, "its root", err, "")
	root := roots.Roots[0].Id
	owned := func(key types.NodeFilterKey, value string) string {
		s.t.Helper()
		out, err := s.ssm.ListNodes(ctx, &ssm.ListNodesInput{Filters: []types.NodeFilter{
			{Key: key, Values: []string{value}}, {Key: types.NodeFilterKeyInstanceId, Values: []string{node}},
		}})
		wants(s.t, "list", err, "")
		if len(out.Nodes) == 0 {
			return ""
		}
		return aws.ToString(out.Nodes[0].Owner.OrganizationalUnitId) + " " + aws.ToString(out.Nodes[0].Owner.OrganizationalUnitPath)
	}
	if got := owned(types.NodeFilterKeyAccountId, s.Access().Account); got != " " {
		s.t.Errorf("an account in the root is of the unit %q", got)
	}
	unit, err := accounts.CreateOrganizationalUnit(ctx, &organizations.CreateOrganizationalUnitInput{Name: aws.String("desks"), ParentId: root})
	wants(s.t, "a unit", err, "")
	id := *unit.OrganizationalUnit.Id
	_, err = accounts.MoveAccount(ctx, &organizations.MoveAccountInput{AccountId: aws.String(s.Access().Account), SourceParentId: root, DestinationParentId: &id})
	wants(s.t, "move the account", err, "")
	path := *made.Organization.Id + "/" + *root + "/" + id + "/"
	for key, value := range map[types.NodeFilterKey]string{types.NodeFilterKeyOrganizationalUnitId: id, types.NodeFilterKeyOrganizationalUnitPath: path} {
		if got := owned(key, value); got != id+" "+path {
			s.t.Errorf("by %s: got %q, want the unit %s %s", key, got, id, path)
		}
	}
	if got := owned(types.NodeFilterKeyOrganizationalUnitId, "ou-abcd-12345678"); got != "" {
		s.t.Errorf("by another unit: got %q", got)
	}
}

// counted tries the ways of counting three nodes in two Regions.
func (s *site) counted(sync *string) {
	s.t.Helper()
	by := func(name types.NodeAttributeName, within ...types.NodeAggregator) types.NodeAggregator {
		return types.NodeAggregator{AggregatorType: types.NodeAggregatorTypeCount, TypeName: types.NodeTypeNameInstance, AttributeName: name, Aggregators: within}
	}
	for _, row := range []struct {
		name        string
		aggregators []types.NodeAggregator
		want        string
		code        string
	}{
		{"by Region", []types.NodeAggregator{by("Region")}, "map[Count:2 Region:ap-northeast-1] map[Count:1 Region:us-west-2]", ""},
		{
			"by type and Region",
			[]types.NodeAggregator{by("PlatformType", by("Region"))},
			"map[Count:2 PlatformType:Linux Region:ap-northeast-1] map[Count:1 PlatformType:Linux Region:us-west-2]", "",
		},
		{
			"by two things apart",
			[]types.NodeAggregator{by("ResourceType"), by("PlatformType")},
			"map[Count:3 ResourceType:ManagedInstance] map[Count:3 PlatformType:Linux]", "",
		},
		{"three deep", []types.NodeAggregator{by("Region", by("PlatformType", by("PlatformName")))}, "", "InvalidAggregatorException"},
	} {
		out, err := s.ssm.ListNodesSummary(s.t.Context(), &ssm.ListNodesSummaryInput{SyncName: sync, Aggregators: row.aggregators})
		wants(s.t, row.name, err, row.code)
		if err != nil {
			continue
		}
		if got := strings.Trim(fmt.Sprint(out.Summary), "[]"); got != strings.Trim(row.want, "[]") {
			s.t.Errorf("%s: got %s, want %s", row.name, got, row.want)
		}
	}
	in := &ssm.ListNodesSummaryInput{SyncName: sync, Aggregators: []types.NodeAggregator{by("Region")}, MaxResults: aws.Int32(1)}
	pages, n := ssm.NewListNodesSummaryPaginator(s.ssm, in), 0
	for ; pages.HasMorePages(); n++ {
		if out, err := pages.NextPage(s.t.Context()); err != nil || len(out.Summary) != 1 {
			s.t.Fatalf("a page of one: got %+v, %v", out, err)
		}
	}
	if n != 2 {
		s.t.Errorf("got %d pages, want 2", n)
	}
}

// TestNodesAreFoundByTheirAssociations asks for what State Manager knows.
func TestNodesAreFoundByTheirAssociations(t *testing.T) {
	s, ctx := openSite(t), t.Context()
	bound, free := s.node(s.activate(nil)).ID, s.node(s.activate(nil)).ID
	_, err := s.ssm.CreateAssociation(ctx, &ssm.CreateAssociationInput{
		Name: aws.String("AWS-GatherSoftwareInventory"), Targets: []types.Target{{Key: aws.String("InstanceIds"), Values: []string{bound}}},
	})
	wants(t, "associate", err, "")
	by := func(key, value string) types.InstanceInformationStringFilter {
		return types.InstanceInformationStringFilter{Key: &key, Values: []string{value}}
	}
	apitest.Eventually(t, "the association to be bound to the node", func() bool {
		return len(s.listed(by("DocumentName", "AWS-GatherSoftwareInventory"))) == 1
	})
	for _, row := range []struct {
		name   string
		filter types.InstanceInformationStringFilter
		want   int
	}{
		{"what is to be done", by("AssociationStatus", "Pending"), 1},
		{"what failed", by("AssociationStatus", "Failed"), 0},
		{"a document", by("DocumentName", "AWS-GatherSoftwareInventory"), 1},
		{"another document", by("DocumentName", "AWS-RunShellScript"), 0},
	} {
		got := s.listed(row.filter)
		if len(got) != row.want || row.want > 0 && (*got[0].InstanceId != bound || got[0].AssociationOverview.InstanceAssociationStatusAggregatedCount["Pending"] != 1) {
			t.Errorf("%s: got %+v, want %d nodes", row.name, got, row.want)
		}
	}
	in := comparing("AssociationStatus", types.InstancePropertyFilterOperatorNotEqual, "Pending")
	out, err := s.ssm.DescribeInstanceProperties(ctx, &in)
	wants(t, "properties", err, "")
	if len(out.InstanceProperties) != 1 || *out.InstanceProperties[0].InstanceId != free {
		t.Errorf("got %+v, want the node without associations", out.InstanceProperties)
	}
}
