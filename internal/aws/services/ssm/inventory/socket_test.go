package inventory_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/google/go-cmp/cmp"

	"tamachi/internal/aws/apitest"
)

type client struct{ apitest.SSM }

func open(t *testing.T) client {
	t.Helper()
	return client{apitest.OpenSSM(t)}
}

type entries = []map[string]string

// put reports entries of a type; a nil list sends the hash alone.
func (c client) put(node, kind, version, hash string, content entries) error {
	in := types.InventoryItem{TypeName: &kind, SchemaVersion: &version, CaptureTime: aws.String("2026-11-22T08:00:00Z"), Content: content}
	if hash != "" {
		in.ContentHash = &hash
	}
	_, err := c.PutInventory(c.T.Context(), &ssm.PutInventoryInput{InstanceId: &node, Items: []types.InventoryItem{in}})
	return err
}

func (c client) mustPut(node, kind, version string, content entries) {
	c.T.Helper()
	if err := c.put(node, kind, version, "", content); err != nil {
		c.T.Fatalf("put %s: %v", kind, err)
	}
}

func (c client) names(node, kind string, filters ...types.InventoryFilter) string {
	c.T.Helper()
	out, err := c.ListInventoryEntries(c.T.Context(), &ssm.ListInventoryEntriesInput{InstanceId: &node, TypeName: &kind, Filters: filters})
	if err != nil {
		c.T.Fatal(err)
	}
	var names []string
	for _, e := range out.Entries {
		names = append(names, e["Name"]+" "+e["Version"])
	}
	return strings.Join(names, ", ")
}

func filter(key string, how types.InventoryQueryOperatorType, values ...string) types.InventoryFilter {
	return types.InventoryFilter{Key: &key, Type: how, Values: values}
}

const app = "AWS:Application"

func apps(pairs ...string) entries {
	out := entries{}
	for _, p := range pairs {
		name, version, _ := strings.Cut(p, " ")
		out = append(out, map[string]string{"Name": name, "Version": version})
	}
	return out
}

// TestHashesSaveContent reports as agents do.
func TestHashesSaveContent(t *testing.T) {
	c := open(t)
	node := c.Plane.Node(nil)
	apitest.Refused(t, "put", c.put(node, app, "1.1", "h1", nil), "ItemContentMismatchException", "")
	if err := c.put(node, app, "1.1", "h1", apps("bash 5.2", "vim 9.1")); err != nil {
		t.Fatal(err)
	}
	if err := c.put(node, app, "1.1", "h1", nil); err != nil {
		t.Errorf("the same hash without content: %v", err)
	}
	if got := c.names(node, app); got != "bash 5.2, vim 9.1" {
		t.Errorf("got %q", got)
	}
	apitest.Refused(t, "put", c.put(node, app, "1.1", "h2", nil), "ItemContentMismatchException", "")
	if err := c.put(node, app, "1.1", "h2", entries{}); err != nil || c.names(node, app) != "" {
		t.Errorf("want an empty list, got %q, %v", c.names(node, app), err)
	}
}

func TestWhatNobodyMayReport(t *testing.T) {
	c := open(t)
	node := c.Plane.Node(nil)
	long := strings.Repeat("x", 4000)
	var heavy entries
	for i := range 60 {
		heavy = append(heavy, map[string]string{"Name": fmt.Sprint(i), "Summary": long})
	}
	for _, row := range []struct {
		name, node, kind, version string
		content                   entries
		code                      string
	}{
		{"a node that there is not", "mi-0123456789abcdef0", app, "1.1", apps("a 1"), "InvalidInstanceId"},
		{"an unknown type", node, "AWS:Colour", "1.0", apps("a 1"), "InvalidTypeNameException"},
		{"a custom type without a name", node, "Custom:", "1.0", apps("a 1"), "InvalidTypeNameException"},
		{"what the service makes itself", node, "AWS:InstanceInformation", "1.0", entries{{"PlatformName": "x"}}, "InvalidTypeNameException"},
		{"another version of the schema", node, app, "7.0", apps("a 1"), "UnsupportedInventorySchemaVersionException"},
		{"an attribute that the type has not", node, app, "1.1", entries{{"Colour": "red"}}, "InvalidItemContentException"},
		{"neither hash nor content", node, app, "1.1", nil, "InvalidItemContentException"},
		{"more than 200 kilobytes of a custom type", node, "Custom:Heavy", "1.0", heavy, "ItemSizeLimitExceededException"},
	} {
		t.Run(row.name, func(t *testing.T) {
			apitest.Refused(t, "put", c.put(row.node, row.kind, row.version, "", row.content), row.code, "")
		})
	}
	one := types.InventoryItem{TypeName: aws.String(app), SchemaVersion: aws.String("1.1"), CaptureTime: aws.String("2026-11-22T08:00:00Z"), Content: apps("a 1")}
	_, err := c.PutInventory(t.Context(), &ssm.PutInventoryInput{InstanceId: &node, Items: []types.InventoryItem{one, one}})
	apitest.Refused(t, "PutInventory", err, "InvalidItemContentException", "")
	one.Context = map[string]string{"ExecutionId": "1"}
	_, err = c.PutInventory(t.Context(), &ssm.PutInventoryInput{InstanceId: &node, Items: []types.InventoryItem{one}})
	apitest.Refused(t, "PutInventory", err, "UnsupportedInventoryItemContextException", "")
	for i := range 20 {
		c.mustPut(node, fmt.Sprintf("Custom:Kind%d", i), "1.0", entries{{"A": "1"}})
	}
	apitest.Refused(t, "put", c.put(node, "Custom:More", "1.0", "", entries{{"A": "1"}}), "CustomSchemaCountLimitExceededException", "")
	if got := c.names(node, app); got != "" {
		t.Errorf("a refused report was kept: %s", got)
	}
}

// TestWhichNodesHaveAnOldPackage asks the question of requirement FLT-30.
func TestWhichNodesHaveAnOldPackage(t *testing.T) {
	c := open(t)
	old, now, none := c.Plane.Node(map[string]string{"Floor": "3"}), c.Plane.Node(nil), c.Plane.Node(nil)
	c.mustPut(old, app, "1.1", apps("openssl 3.0.9-1", "bash 9.0"))
	c.mustPut(now, app, "1.1", apps("openssl 3.0.15-1", "bash 1.0"))
	c.mustPut(none, app, "1.1", apps("bash 1.0"))
	ask := func(in *ssm.GetInventoryInput) []string {
		t.Helper()
		out, err := c.GetInventory(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		ids := []string{}
		for _, e := range out.Entities {
			ids = append(ids, *e.Id)
		}
		return ids
	}
	name := filter(app+".Name", types.InventoryQueryOperatorTypeEqual, "openssl")
	for _, row := range []struct {
		name    string
		filters []types.InventoryFilter
		want    []string
	}{
		{"below 3.0.15-1", []types.InventoryFilter{name, filter(app+".Version", types.InventoryQueryOperatorTypeLessThan, "3.0.15-1")}, []string{old}},
		{"above 3.0.10", []types.InventoryFilter{name, filter(app+".Version", types.InventoryQueryOperatorTypeGreaterThan, "3.0.10")}, []string{now}},
		{"with the package", []types.InventoryFilter{name}, []string{old, now}},
		{"by the beginning of a name", []types.InventoryFilter{filter(app+".Name", types.InventoryQueryOperatorTypeBeginWith, "open")}, []string{old, now}},
		{"by a tag", []types.InventoryFilter{filter("AWS:Tag.Key", "", "Floor"), filter("AWS:Tag.Value", "", "3")}, []string{old}},
		{"by id", []types.InventoryFilter{filter("AWS:InstanceInformation.InstanceId", "", none)}, []string{none}},
		{"all but one id", []types.InventoryFilter{filter("AWS:InstanceInformation.InstanceId", types.InventoryQueryOperatorTypeNotEqual, none)}, []string{old, now}},
	} {
		slices.Sort(row.want)
		if diff := cmp.Diff(row.want, ask(&ssm.GetInventoryInput{Filters: row.filters})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
	if got := ask(&ssm.GetInventoryInput{MaxResults: aws.Int32(2)}); len(got) != 2 {
		t.Errorf("want a page of 2, got %v", got)
	}
	pages := ssm.NewGetInventoryPaginator(c, &ssm.GetInventoryInput{MaxResults: aws.Int32(1)})
	count := 0
	for pages.HasMorePages() {
		out, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		count += len(out.Entities)
	}
	if count != 3 {
		t.Errorf("want 3 nodes over all pages, got %d", count)
	}
	out, err := c.GetInventory(t.Context(), &ssm.GetInventoryInput{
		Filters: []types.InventoryFilter{name}, ResultAttributes: []types.ResultAttribute{{TypeName: aws.String(app)}},
	})
	if err != nil || len(out.Entities) != 2 || len(out.Entities[0].Data[app].Content) != 2 {
		t.Errorf("got %+v, %v", out, err)
	}
	for _, row := range []struct {
		name string
		in   *ssm.GetInventoryInput
		code string
	}{
		{"a filter without a type", &ssm.GetInventoryInput{Filters: []types.InventoryFilter{filter("Name", "", "x")}}, "InvalidFilter"},
		{"a filter on no attribute", &ssm.GetInventoryInput{Filters: []types.InventoryFilter{filter(app+".Colour", "", "x")}}, "InvalidFilter"},
		{"Exists without an aggregator", &ssm.GetInventoryInput{Filters: []types.InventoryFilter{filter(app+".Name", types.InventoryQueryOperatorTypeExists, "true")}}, "InvalidFilter"},
		{"an unknown result", &ssm.GetInventoryInput{ResultAttributes: []types.ResultAttribute{{TypeName: aws.String("Custom:None")}}}, "InvalidResultAttributeException"},
		{"a foreign token", &ssm.GetInventoryInput{NextToken: aws.String("x")}, "InvalidNextToken"},
		{"an aggregator that counts nothing", &ssm.GetInventoryInput{Aggregators: []types.InventoryAggregator{{Expression: aws.String(app + ".Summary")}}}, "InvalidAggregatorException"},
	} {
		_, err := c.GetInventory(t.Context(), row.in)
		apitest.Refused(t, row.name, err, row.code, "")
	}
}

func TestCounts(t *testing.T) {
	c := open(t)
	a, b := c.Plane.Node(nil), c.Plane.Node(nil)
	c.mustPut(a, app, "1.1", apps("bash 5", "vim 9"))
	c.mustPut(b, app, "1.1", apps("bash 5", "vim 8"))
	count := func(agg types.InventoryAggregator) entries {
		t.Helper()
		out, err := c.GetInventory(t.Context(), &ssm.GetInventoryInput{Aggregators: []types.InventoryAggregator{agg}})
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range out.Entities[0].Data {
			return item.Content
		}
		return nil
	}
	got := count(types.InventoryAggregator{Expression: aws.String(app + ".Name")})
	if diff := cmp.Diff(entries{{"Name": "bash", "Count": "2"}, {"Name": "vim", "Count": "2"}}, got); diff != "" {
		t.Error(diff)
	}
	got = count(types.InventoryAggregator{
		Expression: aws.String("AWS:InstanceInformation.ResourceType"), Aggregators: []types.InventoryAggregator{{Expression: aws.String(app + ".Version")}},
	})
	if len(got) != 3 || got[0]["Count"] != "2" || got[0]["ResourceType"] != "ManagedInstance" || got[0]["Version"] != "5" {
		t.Errorf("got %v", got)
	}
	got = count(types.InventoryAggregator{Groups: []types.InventoryGroup{
		{Name: aws.String("NewVim"), Filters: []types.InventoryFilter{filter(app+".Version", types.InventoryQueryOperatorTypeGreaterThan, "8.5")}},
	}})
	if diff := cmp.Diff(entries{{"groupName": "NewVim", "matchingCount": "1", "notMatchingCount": "1"}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestEntriesOfANode(t *testing.T) {
	c := open(t)
	node := c.Plane.Node(nil)
	c.mustPut(node, app, "1.1", apps("a 1", "b 2", "c 3"))
	if got := c.names(node, app, filter("Name", types.InventoryQueryOperatorTypeNotEqual, "b")); got != "a 1, c 3" {
		t.Errorf("got %s", got)
	}
	if got := c.names(node, app, filter(app+".Version", types.InventoryQueryOperatorTypeGreaterThan, "1")); got != "b 2, c 3" {
		t.Errorf("got %s", got)
	}
	first, err := c.ListInventoryEntries(t.Context(), &ssm.ListInventoryEntriesInput{InstanceId: &node, TypeName: aws.String(app), MaxResults: aws.Int32(2)})
	if err != nil || len(first.Entries) != 2 || first.NextToken == nil || *first.SchemaVersion != "1.1" {
		t.Fatalf("got %+v, %v", first, err)
	}
	rest, err := c.ListInventoryEntries(t.Context(), &ssm.ListInventoryEntriesInput{InstanceId: &node, TypeName: aws.String(app), NextToken: first.NextToken})
	if err != nil || len(rest.Entries) != 1 || rest.NextToken != nil {
		t.Errorf("got %+v, %v", rest, err)
	}
	own, err := c.ListInventoryEntries(t.Context(), &ssm.ListInventoryEntriesInput{InstanceId: &node, TypeName: aws.String("AWS:InstanceInformation")})
	if err != nil || own.Entries[0]["InstanceStatus"] != "ConnectionLost" {
		t.Errorf("got %+v, %v", own, err)
	}
	_, err = c.ListInventoryEntries(t.Context(), &ssm.ListInventoryEntriesInput{InstanceId: &node, TypeName: aws.String("Custom:None")})
	apitest.Refused(t, "ListInventoryEntries", err, "InvalidTypeNameException", "")
	_, err = c.ListInventoryEntries(t.Context(), &ssm.ListInventoryEntriesInput{InstanceId: aws.String("mi-0123456789abcdef0"), TypeName: aws.String(app)})
	apitest.Refused(t, "ListInventoryEntries", err, "InvalidInstanceId", "")
}

// TestACustomTypeComesAndGoes follows the User Guide's "Deleting custom
// inventory".
func TestACustomTypeComesAndGoes(t *testing.T) {
	c := open(t)
	a, b := c.Plane.Node(nil), c.Plane.Node(nil)
	const rack = "Custom:RackInformation"
	schema := func(countable bool) (string, error) {
		out, err := c.GetInventorySchema(t.Context(), &ssm.GetInventorySchemaInput{TypeName: aws.String(rack), Aggregator: countable})
		if err != nil {
			return "", err
		}
		s := *out.Schemas[0].Version
		for _, at := range out.Schemas[0].Attributes {
			s += " " + *at.Name
		}
		return s, nil
	}
	_, err := schema(false)
	apitest.Refused(t, "schema", err, "InvalidTypeNameException", "")
	c.mustPut(a, rack, "1.0", entries{{"RackLocation": "Bay B", "Row": "4"}})
	c.mustPut(b, rack, "2.0", entries{{"RackLocation": "Bay C"}})
	if got, err := schema(false); err != nil || got != "2.0 RackLocation" {
		t.Errorf("got %q, %v", got, err)
	}
	remove := func(dry bool, option types.InventorySchemaDeleteOption, token *string) (*ssm.DeleteInventoryOutput, error) {
		return c.DeleteInventory(t.Context(), &ssm.DeleteInventoryInput{TypeName: aws.String(rack), DryRun: dry, SchemaDeleteOption: option, ClientToken: token})
	}
	out, err := remove(true, "", nil)
	if err != nil || out.DeletionId != nil || out.DeletionSummary.TotalCount != 2 || out.DeletionSummary.RemainingCount != 2 || len(out.DeletionSummary.SummaryItems) != 2 {
		t.Errorf("dry run: got %+v, %v", out, err)
	}
	token := aws.String("11111111-2222-4333-8444-555555555555")
	out, err = remove(false, types.InventorySchemaDeleteOptionDisableSchema, token)
	if err != nil || out.DeletionSummary.TotalCount != 2 || out.DeletionSummary.RemainingCount != 0 {
		t.Fatalf("got %+v, %v", out, err)
	}
	again, err := remove(false, types.InventorySchemaDeleteOptionDisableSchema, token)
	if err != nil || *again.DeletionId != *out.DeletionId {
		t.Errorf("the same token: got %+v, %v", again, err)
	}
	_, err = remove(false, "", token)
	apitest.Refused(t, "remove", err, "InvalidInventoryRequestException", "")
	list, err := c.DescribeInventoryDeletions(t.Context(), &ssm.DescribeInventoryDeletionsInput{DeletionId: out.DeletionId})
	if err != nil || len(list.InventoryDeletions) != 1 || list.InventoryDeletions[0].LastStatus != types.InventoryDeletionStatusComplete {
		t.Errorf("got %+v, %v", list, err)
	}
	ignored, err := c.PutInventory(t.Context(), &ssm.PutInventoryInput{InstanceId: &a, Items: []types.InventoryItem{{
		TypeName: aws.String(rack), SchemaVersion: aws.String("2.0"), CaptureTime: aws.String("2026-11-22T08:00:00Z"), Content: entries{{"RackLocation": "x"}},
	}}})
	if err != nil || ignored.Message == nil || c.names(a, rack) != "" {
		t.Errorf("a disabled version: got %+v, %v", ignored, err)
	}
	c.mustPut(a, rack, "3.0", entries{{"Name": "new"}})
	if got, err := schema(true); err != nil || got != "3.0 Name" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := remove(false, types.InventorySchemaDeleteOptionDeleteSchema, nil); err != nil {
		t.Fatal(err)
	}
	_, err = schema(false)
	apitest.Refused(t, "schema", err, "InvalidTypeNameException", "")
	_, err = c.DeleteInventory(t.Context(), &ssm.DeleteInventoryInput{TypeName: aws.String(app)})
	apitest.Refused(t, "DeleteInventory", err, "InvalidTypeNameException", "")
	_, err = c.DescribeInventoryDeletions(t.Context(), &ssm.DescribeInventoryDeletionsInput{DeletionId: token})
	apitest.Refused(t, "DescribeInventoryDeletions", err, "InvalidDeletionIdException", "")
	all, err := c.GetInventorySchema(t.Context(), &ssm.GetInventorySchemaInput{})
	if err != nil || len(all.Schemas) != 12 {
		t.Errorf("want AWS's 12 types, got %d, %v", len(all.Schemas), err)
	}
}

const bucketPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"s3:PutObject",
"Resource":"arn:aws:s3:::fleet-data/nodes/*","Condition":{"StringEquals":{"s3:x-amz-acl":"bucket-owner-full-control"},"ArnLike":{"aws:SourceArn":"arn:aws:ssm:*:*:resource-data-sync/*"}}}]}`

// TestASyncWritesToItsBucket shows a bucket's policy decide, and the files.
func TestASyncWritesToItsBucket(t *testing.T) {
	c := open(t)
	node := c.Plane.Node(nil)
	c.mustPut(node, app, "1.1", apps("bash 5"))
	objects := s3.NewFromConfig(c.Plane.Config(), func(o *s3.Options) { o.UsePathStyle = true })
	region := c.Plane.Access().Region
	if _, err := objects.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: aws.String("fleet-data"), CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(region)},
	}); err != nil {
		t.Fatal(err)
	}
	create := func(name, kind string) error {
		_, err := c.CreateResourceDataSync(t.Context(), &ssm.CreateResourceDataSyncInput{SyncName: &name, SyncType: &kind, S3Destination: &types.ResourceDataSyncS3Destination{
			BucketName: aws.String("fleet-data"), Prefix: aws.String("nodes"), Region: &region, SyncFormat: types.ResourceDataSyncS3FormatJsonSerde,
		}})
		return err
	}
	apitest.Refused(t, "create", create("fleet", "SyncToDestination"), "ResourceDataSyncInvalidConfigurationException", "") // no policy yet
	if _, err := objects.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String("fleet-data"), Policy: aws.String(bucketPolicy)}); err != nil {
		t.Fatal(err)
	}
	if err := create("fleet", "SyncToDestination"); err != nil {
		t.Fatal(err)
	}
	apitest.Refused(t, "create", create("fleet", "SyncToDestination"), "ResourceDataSyncAlreadyExistsException", "")
	apitest.Refused(t, "create", create("ops", "SyncFromSource"), "ResourceDataSyncInvalidConfigurationException", "")
	c.wantFile(objects, node, `"Name":"bash"`)
	c.mustPut(node, app, "1.1", apps("zsh 5"))
	c.wantFile(objects, node, `"Name":"zsh"`)
	_, err := c.ListResourceDataSync(t.Context(), &ssm.ListResourceDataSyncInput{SyncType: aws.String("Sideways")})
	apitest.Refused(t, "ListResourceDataSync", err, "ResourceDataSyncInvalidConfigurationException", "")
	drop := func(name string) error {
		_, err := c.DeleteResourceDataSync(t.Context(), &ssm.DeleteResourceDataSyncInput{SyncName: &name})
		return err
	}
	if err := drop("fleet"); err != nil {
		t.Fatal(err)
	}
	apitest.Refused(t, "drop", drop("fleet"), "ResourceDataSyncNotFoundException", "")
	if out, err := c.ListResourceDataSync(t.Context(), &ssm.ListResourceDataSyncInput{}); err != nil || len(out.ResourceDataSyncItems) != 0 {
		t.Errorf("got %+v, %v", out, err)
	}
}

// TestASyncFromSourceNamesRegions makes one, changes it and ends it.
func TestASyncFromSourceNamesRegions(t *testing.T) {
	c, ctx, kind := open(t), t.Context(), aws.String("SyncFromSource")
	from := func(regions ...string) *types.ResourceDataSyncSource {
		regions = append([]string{}, regions...) // none is an empty list, not a member left out
		return &types.ResourceDataSyncSource{SourceType: aws.String("SingleAccountMultiRegions"), SourceRegions: regions}
	}
	create := func(name string, source *types.ResourceDataSyncSource) error {
		_, err := c.CreateResourceDataSync(ctx, &ssm.CreateResourceDataSyncInput{SyncName: &name, SyncType: kind, SyncSource: source})
		return err
	}
	for _, row := range []struct {
		name   string
		source *types.ResourceDataSyncSource
	}{
		{"no source", nil},
		{"no Regions", from()},
		{"a Region that is none", from("the moon")},
		{"an organization", &types.ResourceDataSyncSource{SourceType: aws.String("AwsOrganizations"), SourceRegions: []string{"us-east-1"}}},
		{"Regions to come", &types.ResourceDataSyncSource{SourceType: aws.String("SingleAccountMultiRegions"), SourceRegions: []string{"us-east-1"}, IncludeFutureRegions: true}},
	} {
		if err := create("ops", row.source); !strings.Contains(fmt.Sprint(err), "ResourceDataSyncInvalidConfigurationException") {
			t.Errorf("%s: got %v", row.name, err)
		}
	}
	if err := create("ops", from("us-west-2", "us-east-1", "us-west-2")); err != nil {
		t.Fatal(err)
	}
	apitest.Refused(t, "create", create("ops", from("us-east-1")), "ResourceDataSyncAlreadyExistsException", "")
	want := func(regions ...string) {
		t.Helper()
		out, err := c.ListResourceDataSync(ctx, &ssm.ListResourceDataSyncInput{SyncType: kind})
		if err != nil || len(out.ResourceDataSyncItems) != 1 || !slices.Equal(out.ResourceDataSyncItems[0].SyncSource.SourceRegions, regions) {
			t.Errorf("got %+v, %v; want one of %v", out, err, regions)
		}
	}
	want("us-east-1", "us-west-2")
	update := func(name, kind string) error {
		_, err := c.UpdateResourceDataSync(ctx, &ssm.UpdateResourceDataSyncInput{SyncName: &name, SyncType: &kind, SyncSource: from("eu-west-1")})
		return err
	}
	apitest.Refused(t, "update", update("none", "SyncFromSource"), "ResourceDataSyncNotFoundException", "")
	apitest.Refused(t, "update", update("ops", "SyncToDestination"), "ResourceDataSyncInvalidConfigurationException", "")
	if err := update("ops", "SyncFromSource"); err != nil {
		t.Fatal(err)
	}
	want("eu-west-1")
	if out, err := c.ListResourceDataSync(ctx, &ssm.ListResourceDataSyncInput{SyncType: aws.String("SyncToDestination")}); err != nil || len(out.ResourceDataSyncItems) != 0 {
		t.Errorf("of the other type: got %+v, %v", out, err)
	}
	if _, err := c.DeleteResourceDataSync(ctx, &ssm.DeleteResourceDataSyncInput{SyncName: aws.String("ops"), SyncType: kind}); err != nil {
		t.Fatal(err)
	}
	apitest.Refused(t, "update", update("ops", "SyncFromSource"), "ResourceDataSyncNotFoundException", "")
}

// wantFile waits until the sync is done and the node's file holds a text.
func (c client) wantFile(objects *s3.Client, node, text string) {
	c.T.Helper()
	a := c.Plane.Access()
	limit := time.Now().Add(20 * time.Second)
	for {
		out, err := c.ListResourceDataSync(c.T.Context(), &ssm.ListResourceDataSyncInput{})
		if err != nil || len(out.ResourceDataSyncItems) != 1 {
			c.T.Fatalf("got %+v, %v", out, err)
		}
		sync := out.ResourceDataSyncItems[0]
		if sync.LastStatus == types.LastResourceDataSyncStatusSuccessful && sync.LastSuccessfulSyncTime != nil {
			break
		}
		if time.Now().After(limit) {
			c.T.Fatalf("the sync is %s: %s", sync.LastStatus, aws.ToString(sync.LastSyncStatusMessage))
		}
	}
	listed, err := objects.ListObjectsV2(c.T.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("fleet-data"), Prefix: aws.String("nodes/" + app)})
	if err != nil || len(listed.Contents) != 1 {
		c.T.Fatalf("got %+v, %v", listed, err)
	}
	key := *listed.Contents[0].Key
	if !strings.HasSuffix(key, "/region="+a.Region+"/resourcetype=ManagedInstanceInventory/"+node+".json") || !strings.HasPrefix(key, "nodes/AWS:Application/accountid=") {
		c.T.Errorf("got key %s", key)
	}
	got, err := objects.GetObject(c.T.Context(), &s3.GetObjectInput{Bucket: aws.String("fleet-data"), Key: &key})
	if err != nil {
		c.T.Fatal(err)
	}
	defer got.Body.Close()
	b, err := io.ReadAll(got.Body)
	if err != nil || !strings.Contains(string(b), text) || !strings.Contains(string(b), `"resourceId":"`+node+`"`) {
		c.T.Errorf("want %s, got %s, %v", text, b, err)
	}
}
