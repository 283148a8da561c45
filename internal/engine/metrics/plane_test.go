package metrics_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
)

// desk makes a desktop of the administrator of a new directory.
func desk(t *testing.T, p *apitest.Plane) (desktop, directory string) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	directory = p.Corp()
	client := workspaces.NewFromConfig(p.Config())
	bundles, err := client.DescribeWorkspaceBundles(ctx, &workspaces.DescribeWorkspaceBundlesInput{Owner: aws.String("AMAZON")})
	must(err)
	w, err := client.CreateWorkspaces(ctx, &workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{
		{DirectoryId: &directory, UserName: aws.String("Administrator"), BundleId: bundles.Bundles[0].BundleId},
	}})
	must(err)
	if len(w.PendingRequests) != 1 {
		t.Fatalf("got %+v", w)
	}
	return *w.PendingRequests[0].WorkspaceId, directory
}

// A plane lists the metrics of its desktops, by desktop and by directory, after
// a minute.
func TestAPlaneHasMetricsOfItsDesktops(t *testing.T) {
	clk := clock.NewFrozen(time.Now())
	p := apitest.Start(t, apitest.Options{Clock: clk})
	desktop, directory := desk(t, p)
	clk.Advance(time.Minute)
	if err := p.Upkeep(t.Context()); err != nil {
		t.Fatal(err)
	}
	client := cloudwatch.NewFromConfig(p.Config())
	for name, value := range map[string]string{"WorkspaceId": desktop, "DirectoryId": directory} {
		out, err := client.ListMetrics(t.Context(), &cloudwatch.ListMetricsInput{
			Namespace: aws.String("AWS/WorkSpaces"), Dimensions: []cwtypes.DimensionFilter{{Name: &name, Value: &value}},
		})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range out.Metrics {
			got = append(got, *m.MetricName)
		}
		for _, want := range []string{"Available", "Unhealthy", "Stopped", "Maintenance", "UserConnected"} {
			if !slices.Contains(got, want) {
				t.Errorf("%s %s has the metrics %v, want %s too", name, value, got, want)
			}
		}
	}
}
