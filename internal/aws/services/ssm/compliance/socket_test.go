package compliance_test

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

type client struct{ apitest.SSM }

func open(t *testing.T) client {
	t.Helper()
	return client{apitest.OpenSSM(t)}
}

// put reports items such as "KB1 CRITICAL NON_COMPLIANT".
func (c client) put(node, kind, hash string, mode types.ComplianceUploadType, lines ...string) error {
	in := &ssm.PutComplianceItemsInput{
		ResourceId: &node, ResourceType: aws.String("ManagedInstance"), ComplianceType: &kind, UploadType: mode,
		ExecutionSummary: &types.ComplianceExecutionSummary{ExecutionTime: new(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)), ExecutionId: aws.String("run-1")},
		Items:            []types.ComplianceItemEntry{},
	}
	if hash != "" {
		in.ItemContentHash = &hash
	}
	for _, l := range lines {
		f := strings.Fields(l)
		in.Items = append(in.Items, types.ComplianceItemEntry{
			Id: &f[0], Title: aws.String("title of " + f[0]), Severity: types.ComplianceSeverity(f[1]), Status: types.ComplianceStatus(f[2]),
			Details: map[string]string{"DocumentName": "doc-" + f[0]},
		})
	}
	_, err := c.PutComplianceItems(c.T.Context(), in)
	return err
}

func (c client) items(node string, filters ...types.ComplianceStringFilter) string {
	c.T.Helper()
	out, err := c.ListComplianceItems(c.T.Context(), &ssm.ListComplianceItemsInput{ResourceIds: []string{node}, ResourceTypes: []string{"ManagedInstance"}, Filters: filters})
	if err != nil {
		c.T.Fatal(err)
	}
	var all []string
	for _, i := range out.ComplianceItems {
		all = append(all, fmt.Sprintf("%s %s %s", *i.Id, i.Severity, i.Status))
	}
	return strings.Join(all, ", ")
}

func by(key, value string) types.ComplianceStringFilter {
	return types.ComplianceStringFilter{Key: &key, Values: []string{value}, Type: types.ComplianceQueryOperatorTypeEqual}
}

const own = "Custom:Floor"

func TestItemsOfANode(t *testing.T) {
	c := open(t)
	node := c.Plane.Node(nil)
	if err := c.put(node, own, "h1", "", "a LOW COMPLIANT", "b CRITICAL NON_COMPLIANT"); err != nil {
		t.Fatal(err)
	}
	if err := c.put(node, own, "h1", "", "a LOW NON_COMPLIANT"); err != nil || c.items(node) != "a LOW COMPLIANT, b CRITICAL NON_COMPLIANT" {
		t.Errorf("the hash that is stored: want nothing new, got %s, %v", c.items(node), err)
	}
	if err := c.put(node, own, "h2", types.ComplianceUploadTypePartial, "b CRITICAL COMPLIANT", "c HIGH COMPLIANT"); err != nil || c.items(node) != "a LOW COMPLIANT, b CRITICAL COMPLIANT, c HIGH COMPLIANT" {
		t.Errorf("partial: got %s, %v", c.items(node), err)
	}
	if got := c.items(node, by("DocumentName", "doc-b"), by("ComplianceType", own)); got != "b CRITICAL COMPLIANT" {
		t.Errorf("got %s", got)
	}
	if err := c.put(node, own, "", types.ComplianceUploadTypeComplete, "d LOW COMPLIANT"); err != nil || c.items(node) != "d LOW COMPLIANT" {
		t.Errorf("complete: got %s, %v", c.items(node), err)
	}
	var many []string
	for i := range 60 {
		many = append(many, fmt.Sprintf("i%02d LOW COMPLIANT", i))
	}
	if err := c.put(node, "Association", "", "", many...); err != nil {
		t.Fatal(err)
	}
	pages := ssm.NewListComplianceItemsPaginator(c, &ssm.ListComplianceItemsInput{ResourceIds: []string{node}})
	count := 0
	for pages.HasMorePages() {
		out, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		count += len(out.ComplianceItems)
	}
	if count != 61 {
		t.Errorf("want 61 items over all pages, got %d", count)
	}
}

func TestWhatIsRefused(t *testing.T) {
	c := open(t)
	node := c.Plane.Node(nil)
	apitest.Refused(t, "put", c.put("mi-0123456789abcdef0", own, "", ""), "InvalidResourceId", "")
	apitest.Refused(t, "put", c.put(node, "Whatever", "", ""), "InvalidItemContentException", "")
	apitest.Refused(t, "put", c.put(node, own, "", "", "a LOW COMPLIANT", "a LOW COMPLIANT"), "InvalidItemContentException", "")
	_, err := c.PutComplianceItems(t.Context(), &ssm.PutComplianceItemsInput{
		ResourceId: &node, ResourceType: aws.String("Toaster"), ComplianceType: aws.String(own), Items: []types.ComplianceItemEntry{},
		ExecutionSummary: &types.ComplianceExecutionSummary{ExecutionTime: new(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))},
	})
	apitest.Refused(t, "PutComplianceItems", err, "InvalidResourceType", "")
	for i := range 10 {
		if err := c.put(node, fmt.Sprintf("Custom:Kind%d", i), "", "", "a LOW COMPLIANT"); err != nil {
			t.Fatal(err)
		}
	}
	apitest.Refused(t, "put", c.put(node, "Custom:More", "", "", "a LOW COMPLIANT"), "ComplianceTypeCountLimitExceededException", "")
	_, err = c.ListComplianceItems(t.Context(), &ssm.ListComplianceItemsInput{ResourceIds: []string{node, node}})
	apitest.Refused(t, "ListComplianceItems", err, "InvalidResourceId", "")
	_, err = c.ListComplianceItems(t.Context(), &ssm.ListComplianceItemsInput{ResourceIds: []string{node}, Filters: []types.ComplianceStringFilter{by("Colour", "red")}})
	apitest.Refused(t, "ListComplianceItems", err, "InvalidFilter", "")
	_, err = c.ListComplianceSummaries(t.Context(), &ssm.ListComplianceSummariesInput{Filters: []types.ComplianceStringFilter{by("Colour", "red")}})
	apitest.Refused(t, "ListComplianceSummaries", err, "InvalidFilter", "")
	_, err = c.ListResourceComplianceSummaries(t.Context(), &ssm.ListResourceComplianceSummariesInput{NextToken: aws.String("x")})
	apitest.Refused(t, "ListResourceComplianceSummaries", err, "InvalidNextToken", "")
}

func TestSummaries(t *testing.T) {
	c := open(t)
	a, b := c.Plane.Node(map[string]string{"Floor": "3"}), c.Plane.Node(nil)
	for _, err := range []error{
		c.put(a, own, "", "", "x HIGH NON_COMPLIANT", "y LOW COMPLIANT", "z CRITICAL COMPLIANT"),
		c.put(b, own, "", "", "x HIGH COMPLIANT"), c.put(b, "Association", "", "", "x UNSPECIFIED NON_COMPLIANT"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	out, err := c.ListComplianceSummaries(t.Context(), &ssm.ListComplianceSummariesInput{})
	if err != nil || len(out.ComplianceSummaryItems) != 2 {
		t.Fatalf("got %+v, %v", out, err)
	}
	s := out.ComplianceSummaryItems[1]
	if *s.ComplianceType != own || s.CompliantSummary.CompliantCount != 1 || s.CompliantSummary.SeveritySummary.HighCount != 1 ||
		s.NonCompliantSummary.NonCompliantCount != 1 || s.NonCompliantSummary.SeveritySummary.HighCount != 1 {
		t.Errorf("got %+v %+v", s.CompliantSummary, s.NonCompliantSummary)
	}
	resources := func(filters ...types.ComplianceStringFilter) []types.ResourceComplianceSummaryItem {
		t.Helper()
		out, err := c.ListResourceComplianceSummaries(t.Context(), &ssm.ListResourceComplianceSummariesInput{Filters: filters})
		if err != nil {
			t.Fatal(err)
		}
		return out.ResourceComplianceSummaryItems
	}
	if got := resources(by("ComplianceType", own), by("Status", "NON_COMPLIANT")); len(got) != 1 || *got[0].ResourceId != a ||
		got[0].OverallSeverity != types.ComplianceSeverityHigh || got[0].CompliantSummary.CompliantCount != 2 || got[0].NonCompliantSummary.SeveritySummary.HighCount != 1 {
		t.Errorf("got %+v", got)
	}
	if got := resources(by("AWS:Tag.Value", "3")); len(got) != 1 || *got[0].ResourceId != a {
		t.Errorf("by an inventory filter: got %+v", got)
	}
	if got := resources(); len(got) != 3 {
		t.Errorf("want 3, got %d", len(got))
	}
}
