package patchmanager

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeInstancePatches lists a node's patches as its last run found them.
func (s *Service) DescribeInstancePatches(ctx context.Context, in *ssm.DescribeInstancePatchesInput) (*ssm.DescribeInstancePatchesOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	for _, f := range in.Filters {
		if !slices.Contains([]string{"Classification", "KBId", "Severity", "State"}, aws.ToString(f.Key)) {
			return nil, &types.InvalidFilter{Message: new("The filter name isn't valid: " + aws.ToString(f.Key) + ".")}
		}
	}
	var one *state
	err := s.st.View(ctx, func(tx *store.Tx) error {
		_, ok, err := s.ports.Nodes.Machine(tx, scope, *in.InstanceId)
		if err == nil && !ok {
			err = &types.InvalidInstanceId{Message: new("The instance ID isn't valid: " + *in.InstanceId + ".")}
		}
		if err != nil {
			return err
		}
		one, err = s.stateOf(tx, scope, *in.InstanceId)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &ssm.DescribeInstancePatchesOutput{Patches: []types.PatchComplianceData{}}
	if one == nil {
		return out, nil
	}
	var fitting []*stand
	for i := range one.Patches {
		if one.Patches[i].meets(in.Filters) {
			fitting = append(fitting, &one.Patches[i])
		}
	}
	some, next, err := page("DescribeInstancePatches", fitting, func(p *stand) string { return p.ID + "\x1f" + p.Title }, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	out.NextToken = next
	for _, p := range some {
		out.Patches = append(out.Patches, p.describe())
	}
	return out, nil
}

// meets takes a state as the answers write it, or as the guide does
// (InstalledOther).
func (p *stand) meets(filters []types.PatchOrchestratorFilter) bool {
	flat := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", "")) }
	return !slices.ContainsFunc(filters, func(f types.PatchOrchestratorFilter) bool {
		v := map[string]string{"Classification": p.Classification, "KBId": p.ID, "Severity": p.Severity, "State": p.State}[aws.ToString(f.Key)]
		return !slices.ContainsFunc(f.Values, func(want string) bool { return flat(want) == flat(v) })
	})
}

func (s *Service) describeInstancePatchesChecks(ctx context.Context, in *ssm.DescribeInstancePatchesInput) ([]api.Check, error) {
	return []api.Check{onNode(ctx, "ssm:DescribeInstancePatches", *in.InstanceId)}, nil
}
