package patchmanager_test

import (
	"fmt"
	"strings"
	"testing"

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

func ruleFor(key types.PatchFilterKey, value string, days *int32) *types.PatchRuleGroup {
	return &types.PatchRuleGroup{PatchRules: []types.PatchRule{{
		PatchFilterGroup: &types.PatchFilterGroup{PatchFilters: []types.PatchFilter{{Key: key, Values: []string{value}}}}, ApproveAfterDays: days,
	}}}
}

func (c client) create(name string, os types.OperatingSystem, change ...func(*ssm.CreatePatchBaselineInput)) (string, error) {
	in := &ssm.CreatePatchBaselineInput{Name: &name, OperatingSystem: os}
	for _, f := range change {
		f(in)
	}
	out, err := c.CreatePatchBaseline(c.T.Context(), in)
	if err != nil {
		return "", err
	}
	return *out.BaselineId, nil
}

func (c client) mustCreate(name string, os types.OperatingSystem, change ...func(*ssm.CreatePatchBaselineInput)) string {
	c.T.Helper()
	id, err := c.create(name, os, change...)
	if err != nil {
		c.T.Fatal(err)
	}
	return id
}

const nobody = "pb-0123456789abcdef0"

// TestABaselinesLife makes the calls of aws_ssm_patch_baseline.
func TestABaselinesLife(t *testing.T) {
	c := open(t)
	id := c.mustCreate("office", types.OperatingSystemRockyLinux, func(in *ssm.CreatePatchBaselineInput) {
		in.ApprovalRules = ruleFor(types.PatchFilterKeySeverity, "Critical", aws.Int32(3))
		in.RejectedPatches, in.RejectedPatchesAction = []string{"telnet*"}, types.PatchActionBlock
		in.Tags = []types.Tag{{Key: aws.String("Env"), Value: aws.String("prod")}}
		in.ClientToken = aws.String("once")
	})
	got, err := c.GetPatchBaseline(t.Context(), &ssm.GetPatchBaselineInput{BaselineId: &id})
	if err != nil || *got.Name != "office" || *got.ApprovalRules.PatchRules[0].ApproveAfterDays != 3 || got.RejectedPatches[0] != "telnet*" ||
		got.RejectedPatchesAction != types.PatchActionBlock || got.ApprovedPatchesComplianceLevel != types.PatchComplianceLevelUnspecified || len(got.GlobalFilters.PatchFilters) != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
	_, err = c.create("another", types.OperatingSystemRockyLinux, func(in *ssm.CreatePatchBaselineInput) { in.ClientToken = aws.String("once") })
	apitest.Refused(t, "create", err, "IdempotentParameterMismatch", "")
	changed, err := c.UpdatePatchBaseline(t.Context(), &ssm.UpdatePatchBaselineInput{BaselineId: &id, Description: aws.String("for the office"), ApprovedPatches: []string{"bash"}})
	if err != nil || *changed.Description != "for the office" || *changed.Name != "office" || len(changed.RejectedPatches) != 1 {
		t.Errorf("got %+v, %v", changed, err)
	}
	replaced, err := c.UpdatePatchBaseline(t.Context(), &ssm.UpdatePatchBaselineInput{BaselineId: &id, Name: aws.String("bare"), Replace: aws.Bool(true)})
	if err != nil || replaced.Description != nil || len(replaced.RejectedPatches) != 0 || len(replaced.ApprovalRules.PatchRules) != 0 {
		t.Errorf("got %+v, %v", replaced, err)
	}
	_, err = c.UpdatePatchBaseline(t.Context(), &ssm.UpdatePatchBaselineInput{BaselineId: aws.String(nobody)})
	apitest.Refused(t, "UpdatePatchBaseline", err, "DoesNotExistException", "")
	tags, err := c.ListTagsForResource(t.Context(), &ssm.ListTagsForResourceInput{ResourceType: types.ResourceTypeForTaggingPatchBaseline, ResourceId: &id})
	if err != nil || len(tags.TagList) != 1 {
		t.Errorf("got %+v, %v", tags, err)
	}
	for range 2 {
		if _, err := c.DeletePatchBaseline(t.Context(), &ssm.DeletePatchBaselineInput{BaselineId: &id}); err != nil {
			t.Errorf("delete: %v", err)
		}
	}
	_, err = c.GetPatchBaseline(t.Context(), &ssm.GetPatchBaselineInput{BaselineId: &id})
	apitest.Refused(t, "GetPatchBaseline", err, "DoesNotExistException", "")
}

func TestRulesThatAreRefused(t *testing.T) {
	c := open(t)
	for _, row := range []struct {
		name  string
		os    types.OperatingSystem
		rules *types.PatchRuleGroup
	}{
		{"a key of another operating system", types.OperatingSystemUbuntu, ruleFor(types.PatchFilterKeySeverity, "Critical", aws.Int32(0))},
		{"a delay where releases have no date", types.OperatingSystemDebian, ruleFor(types.PatchFilterKeyPriority, "Required", aws.Int32(7))},
		{"neither days nor a date", types.OperatingSystemCentOS, ruleFor(types.PatchFilterKeySeverity, "Critical", nil)},
		{"more than 360 days", types.OperatingSystemCentOS, ruleFor(types.PatchFilterKeySeverity, "Critical", aws.Int32(361))},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := c.create("bad", row.os, func(in *ssm.CreatePatchBaselineInput) { in.ApprovalRules = row.rules })
			apitest.Refused(t, "create", err, "ValidationException", "")
		})
	}
	if _, err := c.create("good", types.OperatingSystemDebian, func(in *ssm.CreatePatchBaselineInput) {
		in.ApprovalRules = ruleFor(types.PatchFilterKeyPriority, "Required", aws.Int32(0))
	}); err != nil {
		t.Errorf("no delay for Debian: %v", err)
	}
}

// TestEveryOperatingSystemHasADefault asks for all 15 values.
func TestEveryOperatingSystemHasADefault(t *testing.T) {
	c := open(t)
	systems := types.OperatingSystem("").Values()
	if len(systems) != 15 {
		t.Errorf("want 15 operating systems, got %d", len(systems))
	}
	for _, os := range systems {
		out, err := c.GetDefaultPatchBaseline(t.Context(), &ssm.GetDefaultPatchBaselineInput{OperatingSystem: os})
		if err != nil || out.OperatingSystem != os {
			t.Errorf("%s: got %+v, %v", os, out, err)
			continue
		}
		b, err := c.GetPatchBaseline(t.Context(), &ssm.GetPatchBaselineInput{BaselineId: out.BaselineId})
		if err != nil || b.OperatingSystem != os || !strings.HasPrefix(*b.Name, "AWS-") {
			t.Errorf("%s: got %+v, %v", os, b, err)
		}
	}
	_, err := c.GetDefaultPatchBaseline(t.Context(), &ssm.GetDefaultPatchBaselineInput{OperatingSystem: "BEOS"})
	apitest.Refused(t, "GetDefaultPatchBaseline", err, "ValidationException", "")
	mine := c.mustCreate("mine", types.OperatingSystemDebian)
	if _, err := c.RegisterDefaultPatchBaseline(t.Context(), &ssm.RegisterDefaultPatchBaselineInput{BaselineId: &mine}); err != nil {
		t.Fatal(err)
	}
	if out, err := c.GetDefaultPatchBaseline(t.Context(), &ssm.GetDefaultPatchBaselineInput{OperatingSystem: types.OperatingSystemDebian}); err != nil || *out.BaselineId != mine {
		t.Errorf("got %+v, %v", out, err)
	}
	_, err = c.DeletePatchBaseline(t.Context(), &ssm.DeletePatchBaselineInput{BaselineId: &mine})
	apitest.Refused(t, "DeletePatchBaseline", err, "ResourceInUseException", "")
	_, err = c.RegisterDefaultPatchBaseline(t.Context(), &ssm.RegisterDefaultPatchBaselineInput{BaselineId: aws.String(nobody)})
	apitest.Refused(t, "RegisterDefaultPatchBaseline", err, "DoesNotExistException", "")
	list := func(key, value string) int {
		t.Helper()
		out, err := c.DescribePatchBaselines(t.Context(), &ssm.DescribePatchBaselinesInput{Filters: []types.PatchOrchestratorFilter{{Key: &key, Values: []string{value}}}})
		if err != nil {
			t.Fatal(err)
		}
		return len(out.BaselineIdentities)
	}
	if a, s, w := list("OWNER", "AWS"), list("OWNER", "Self"), list("OPERATING_SYSTEM", "WINDOWS"); a != 17 || s != 1 || w != 3 {
		t.Errorf("got %d of AWS, %d own, %d for Windows", a, s, w)
	}
	_, err = c.DescribePatchBaselines(t.Context(), &ssm.DescribePatchBaselinesInput{Filters: []types.PatchOrchestratorFilter{{Key: aws.String("COLOUR"), Values: []string{"x"}}}})
	apitest.Refused(t, "DescribePatchBaselines", err, "ValidationException", "")
	pages := ssm.NewDescribePatchBaselinesPaginator(c, &ssm.DescribePatchBaselinesInput{MaxResults: aws.Int32(5)})
	count := 0
	for pages.HasMorePages() {
		out, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		count += len(out.BaselineIdentities)
	}
	if count != 18 {
		t.Errorf("want 18 over all pages, got %d", count)
	}
}

// TestPatchGroupsChooseTheirBaseline is requirement FLT-07.
func TestPatchGroupsChooseTheirBaseline(t *testing.T) {
	c := open(t)
	a, b := c.mustCreate("first", types.OperatingSystemDebian), c.mustCreate("second", types.OperatingSystemDebian)
	register := func(id, group string) error {
		_, err := c.RegisterPatchBaselineForPatchGroup(t.Context(), &ssm.RegisterPatchBaselineForPatchGroupInput{BaselineId: &id, PatchGroup: &group})
		return err
	}
	of := func(group string) string {
		t.Helper()
		out, err := c.GetPatchBaselineForPatchGroup(t.Context(), &ssm.GetPatchBaselineForPatchGroupInput{PatchGroup: &group, OperatingSystem: types.OperatingSystemDebian})
		if err != nil {
			t.Fatal(err)
		}
		return *out.BaselineId
	}
	if err := register(a, "desks"); err != nil {
		t.Fatal(err)
	}
	apitest.Refused(t, "register", register(b, "desks"), "AlreadyExistsException", "")
	apitest.Refused(t, "register", register(nobody, "x"), "DoesNotExistException", "")
	if of("desks") != a || !strings.HasPrefix(of("servers"), "arn:aws:ssm:") {
		t.Errorf("got %s and %s", of("desks"), of("servers"))
	}
	out, err := c.DescribePatchGroups(t.Context(), &ssm.DescribePatchGroupsInput{Filters: []types.PatchOrchestratorFilter{{Key: aws.String("NAME_PREFIX"), Values: []string{"de"}}}})
	if err != nil || len(out.Mappings) != 1 || *out.Mappings[0].BaselineIdentity.BaselineId != a {
		t.Errorf("got %+v, %v", out, err)
	}
	_, err = c.DescribePatchGroups(t.Context(), &ssm.DescribePatchGroupsInput{Filters: []types.PatchOrchestratorFilter{{Key: aws.String("OWNER"), Values: []string{"AWS"}}}})
	apitest.Refused(t, "DescribePatchGroups", err, "ValidationException", "")
	_, err = c.DeletePatchBaseline(t.Context(), &ssm.DeletePatchBaselineInput{BaselineId: &a})
	apitest.Refused(t, "DeletePatchBaseline", err, "ResourceInUseException", "")
	deregister := func(id string) error {
		_, err := c.DeregisterPatchBaselineForPatchGroup(t.Context(), &ssm.DeregisterPatchBaselineForPatchGroupInput{BaselineId: &id, PatchGroup: aws.String("desks")})
		return err
	}
	apitest.Refused(t, "deregister", deregister(b), "InvalidResourceId", "")
	if err := deregister(a); err != nil || of("desks") == a {
		t.Errorf("got %s, %v", of("desks"), err)
	}
	_, err = c.GetPatchBaselineForPatchGroup(t.Context(), &ssm.GetPatchBaselineForPatchGroupInput{PatchGroup: aws.String(strings.Repeat("x", 257))})
	apitest.Refused(t, "GetPatchBaselineForPatchGroup", err, "ValidationException", "")
}

// TestNothingIsKnownOfNodesThatNeverReported asks every list about a node
// without a scan; e2e shows what a real one brings.
func TestNothingIsKnownOfNodesThatNeverReported(t *testing.T) {
	c := open(t)
	node := c.Plane.Node(map[string]string{"Patch Group": "desks"})
	states, err := c.DescribeInstancePatchStates(t.Context(), &ssm.DescribeInstancePatchStatesInput{InstanceIds: []string{node}})
	if err != nil || len(states.InstancePatchStates) != 0 {
		t.Errorf("got %+v, %v", states, err)
	}
	_, err = c.DescribeInstancePatchStates(t.Context(), &ssm.DescribeInstancePatchStatesInput{InstanceIds: []string{node}, NextToken: aws.String("x")})
	apitest.Refused(t, "DescribeInstancePatchStates", err, "InvalidNextToken", "")
	of, err := c.DescribeInstancePatchStatesForPatchGroup(t.Context(), &ssm.DescribeInstancePatchStatesForPatchGroupInput{PatchGroup: aws.String("desks")})
	if err != nil || len(of.InstancePatchStates) != 0 {
		t.Errorf("got %+v, %v", of, err)
	}
	_, err = c.DescribeInstancePatchStatesForPatchGroup(t.Context(), &ssm.DescribeInstancePatchStatesForPatchGroupInput{
		PatchGroup: aws.String("desks"), Filters: []types.InstancePatchStateFilter{{Key: aws.String("Colour"), Values: []string{"1"}, Type: types.InstancePatchStateOperatorTypeEqual}},
	})
	apitest.Refused(t, "DescribeInstancePatchStatesForPatchGroup", err, "InvalidFilter", "")
	group, err := c.DescribePatchGroupState(t.Context(), &ssm.DescribePatchGroupStateInput{PatchGroup: aws.String("desks")})
	if err != nil || group.Instances != 1 || group.InstancesWithMissingPatches != 0 {
		t.Errorf("got %+v, %v", group, err)
	}
	_, err = c.DescribePatchGroupState(t.Context(), &ssm.DescribePatchGroupStateInput{PatchGroup: aws.String(strings.Repeat("x", 257))})
	apitest.Refused(t, "DescribePatchGroupState", err, "ValidationException", "")
	patches, err := c.DescribeInstancePatches(t.Context(), &ssm.DescribeInstancePatchesInput{InstanceId: &node})
	if err != nil || len(patches.Patches) != 0 {
		t.Errorf("got %+v, %v", patches, err)
	}
	_, err = c.DescribeInstancePatches(t.Context(), &ssm.DescribeInstancePatchesInput{InstanceId: aws.String("mi-0123456789abcdef0")})
	apitest.Refused(t, "DescribeInstancePatches", err, "InvalidInstanceId", "")
	available, err := c.DescribeAvailablePatches(t.Context(), &ssm.DescribeAvailablePatchesInput{})
	if err != nil || len(available.Patches) != 0 {
		t.Errorf("got %+v, %v", available, err)
	}
	_, err = c.DescribeAvailablePatches(t.Context(), &ssm.DescribeAvailablePatchesInput{Filters: []types.PatchOrchestratorFilter{{Key: aws.String("COLOUR"), Values: []string{"x"}}}})
	apitest.Refused(t, "DescribeAvailablePatches", err, "ValidationException", "")
	mine := c.mustCreate("mine", types.OperatingSystemDebian)
	effective, err := c.DescribeEffectivePatchesForPatchBaseline(t.Context(), &ssm.DescribeEffectivePatchesForPatchBaselineInput{BaselineId: &mine})
	if err != nil || len(effective.EffectivePatches) != 0 {
		t.Errorf("got %+v, %v", effective, err)
	}
	_, err = c.DescribeEffectivePatchesForPatchBaseline(t.Context(), &ssm.DescribeEffectivePatchesForPatchBaselineInput{BaselineId: aws.String(nobody)})
	apitest.Refused(t, "DescribeEffectivePatchesForPatchBaseline", err, "DoesNotExistException", "")
	properties, err := c.DescribePatchProperties(t.Context(), &ssm.DescribePatchPropertiesInput{OperatingSystem: types.OperatingSystemUbuntu, Property: types.PatchPropertyPatchPriority})
	if err != nil || fmt.Sprint(properties.Properties) != "[map[Name:Extra] map[Name:Important] map[Name:Optional] map[Name:Required] map[Name:Standard]]" {
		t.Errorf("got %+v, %v", properties, err)
	}
	_, err = c.DescribePatchProperties(t.Context(), &ssm.DescribePatchPropertiesInput{OperatingSystem: types.OperatingSystemUbuntu, Property: types.PatchPropertyPatchSeverity})
	apitest.Refused(t, "DescribePatchProperties", err, "ValidationException", "")
	_, err = c.GetDeployablePatchSnapshotForInstance(t.Context(), &ssm.GetDeployablePatchSnapshotForInstanceInput{InstanceId: &node, SnapshotId: aws.String("11111111-2222-4333-8444-555555555555")})
	apitest.Refused(t, "GetDeployablePatchSnapshotForInstance", err, "UnsupportedOperatingSystem", "")
}
