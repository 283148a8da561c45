package morning

import (
	"strings"
	"testing"

	"tamachi/internal/policy"
)

// TestPoliciesAreExact runs the check and the repair, and wants each policy to
// allow every call that was made and nothing that was not.
func TestPoliciesAreExact(t *testing.T) {
	services := map[string]string{
		"LookupEvents": "cloudtrail", "DescribeUser": "ds-data", "DescribeDirectories": "ds", "GetCallerIdentity": "sts",
		"DescribeAlarms": "cloudwatch", "DescribeAlarmHistory": "cloudwatch", "GetMetricData": "cloudwatch", "DescribeInstances": "ec2",
		"DescribeInstanceInformation": "ssm", "DescribeInstancePatchStates": "ssm", "DescribeMaintenanceWindows": "ssm",
		"ListCommands": "ssm", "ListCommandInvocations": "ssm",
	}
	storyShop(t, func(t *testing.T, s *shop) {
		s.cloud.ops = badNight(s.world.Clock.Now())
		s.run(t.Context(), Flags{}, "")
		wantExact(t, "the check's policy", readPolicy(), s.cloud.calls, services)
		read := s.cloud.calls
		s.cloud.calls, s.cloud.ops = map[string]int{}, ops{}
		if code, _, errs := s.run(t.Context(), Flags{Fix: true, Yes: true}, ""); code != 0 {
			t.Fatalf("want a repair, got %d: %s", code, errs)
		}
		for operation := range read {
			delete(s.cloud.calls, operation)
		}
		wantExact(t, "the repair's policy", applyPolicy(), s.cloud.calls, services)
	})
}

// companions are actions that others need: no call carries their name.
var companions = map[string]bool{"ds:AccessDSData": true, "workspaces:CreateTags": true}

func wantExact(t *testing.T, what, text string, calls map[string]int, services map[string]string) {
	t.Helper()
	p, err := policy.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	used := map[string]bool{}
	for operation := range calls {
		service := services[operation]
		if service == "" {
			service = "workspaces"
		}
		action := service + ":" + operation
		used[action] = true
		if action != "sts:GetCallerIdentity" && p.Evaluate(action, "*") != policy.Allow {
			t.Errorf("%s: want %s allowed, for it was called", what, action)
		}
	}
	for line := range strings.Lines(text) {
		action := strings.Trim(line, " \",\n")
		if service, _, ok := strings.Cut(action, ":"); !ok || service == "Version" || strings.ContainsAny(action, " {[") || companions[action] {
			continue
		}
		if !used[action] {
			t.Errorf("%s: %s is allowed, but was not called", what, action)
		}
	}
}
