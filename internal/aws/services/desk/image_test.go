package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/apitest"
)

// second makes a desktop of another user.
func (o *office) second(user string) string {
	o.t.Helper()
	directory := o.is().DirectoryId
	if _, fault := o.Post("ds-data", "/Users/CreateUser?DirectoryId="+*directory, map[string]any{"SAMAccountName": user}); fault != "" {
		o.t.Fatal(fault)
	}
	desks := workspaces.NewFromConfig(o.Config())
	out, err := desks.CreateWorkspaces(o.t.Context(), &workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{{
		DirectoryId: directory, BundleId: aws.String("wsb-d12value0"), UserName: &user,
	}}})
	o.must(err)
	id := *out.PendingRequests[0].WorkspaceId
	apitest.Eventually(o.t, "the second desktop", func() bool {
		out, err := desks.DescribeWorkspaces(o.t.Context(), &workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{id}})
		o.must(err)
		return out.Workspaces[0].State == types.WorkspaceStateAvailable
	})
	return id
}

// TestAnImageIsBroughtToDesktopsByAPlan goes from who is on what to the canary,
// with what is refused on the way.
func TestAnImageIsBroughtToDesktopsByAPlan(t *testing.T) {
	o := open(t)
	admin := o.Config()
	looker := o.hire("looker", `"workspaces:DescribeWorkspaces"`)
	image := o.Image(o.desktop, "office-2026-12")
	out, fault := o.desk(admin, "ListImageSeats", map[string]any{})
	if text := fmt.Sprint(out); fault != "" || !strings.Contains(text, "takeda.hanako") || !strings.Contains(text, "current") || !strings.Contains(text, "wsb-d12value0") {
		t.Fatalf("want who is on what, got %s %s", text, fault)
	}
	rollout := func(bundle string, more ...string) map[string]any {
		return duty("image rollout", append([]string{"of", image, "bundle", bundle, "anyway", "true"}, more...)...)
	}
	const bundle = "wsb-d12value0"
	for _, row := range []asked{
		{"a page after nothing", "ListImageSeats", map[string]any{"NextToken": "nonsense"}, admin, "ValidationException", ""},
		{"who may not see bundles", "ListImageSeats", map[string]any{}, looker, "AccessDeniedException", "DescribeWorkspaceBundles"},
		{"an image that is not there", "CheckImage", map[string]any{"ImageId": "wsi-000000000"}, admin, "InvalidResourceStateException", "no image wsi-000000000"},
		{"a master that nobody can ask", "CheckImage", map[string]any{"ImageId": o.desktop}, admin, "InvalidResourceStateException", o.desktop},
		{"no image at all", "CheckImage", map[string]any{"ImageId": "../etc"}, admin, "ValidationException", ""},
		{"who may only look rolls out nothing", "PlanDuty", rollout(bundle), looker, "AccessDeniedException", "tamachi:PlanDuty"},
		{"a bundle of AWS's keeps its image", "PlanDuty", rollout(bundle, "how", "rebuild"), admin, "InvalidResourceStateException", "bundle of AWS"},
		{"a window that is none", "PlanDuty", rollout(bundle, "window", "some day"), admin, "ValidationException", "some day"},
		{"a bundle that is not there", "PlanDuty", rollout("wsb-000000000"), admin, "InvalidResourceStateException", "wsb-000000000"},
		{"the master is left alone", "PlanDuty", with(rollout(bundle, "window", ""), "Language", "ja"), admin, "", "マスターのため対象外"},
		{"a list of the plane's host", "PlanDuty", rollout(bundle, "list", "/etc/passwd"), admin, "ValidationException", "no option list"},
	} {
		t.Run(row.name, func(t *testing.T) { o.answers(t, row) })
	}
	old := o.second("suzuki.ichiro")
	id := o.proposed(admin, with(rollout(bundle, "window", "", "canary", "suzuki.ichiro", "stop-after", "1"), "Reason", "patches of November"))
	out, _ = o.desk(admin, "DescribePlan", map[string]any{"PlanId": id})
	for _, want := range []string{"image rollout", "canary", "patches of November", "suzuki.ichiro", old} {
		if text := fmt.Sprint(out); !strings.Contains(text, want) {
			t.Errorf("want %q in the plan, got %s", want, text)
		}
	}
	if _, windowed := out["Window"]; windowed {
		t.Errorf("want no window, got %v", out["Window"])
	}
}
