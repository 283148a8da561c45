package patchmanager

import (
	"context"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeInstancePatchStatesForPatchGroup sums up the nodes of a patch group.
func (s *Service) DescribeInstancePatchStatesForPatchGroup(ctx context.Context, in *ssm.DescribeInstancePatchStatesForPatchGroupInput) (*ssm.DescribeInstancePatchStatesForPatchGroupOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	for _, f := range in.Filters {
		if _, err := strconv.Atoi(f.Values[0]); err != nil || !slices.Contains(counted, *f.Key) {
			return nil, &types.InvalidFilter{Message: new("The filter name isn't valid: " + *f.Key + ". It names a count, and its value is a number.")}
		}
	}
	var all []*state
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		all, err = s.statesOf(tx, scope, *in.PatchGroup)
		return err
	})
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(one *state) bool {
		return slices.ContainsFunc(in.Filters, func(f types.InstancePatchStateFilter) bool { return !one.meets(f) })
	})
	some, next, err := page("DescribeInstancePatchStatesForPatchGroup", all, states.Key, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	out := &ssm.DescribeInstancePatchStatesForPatchGroupOutput{NextToken: next}
	for _, one := range some {
		out.InstancePatchStates = append(out.InstancePatchStates, one.describe())
	}
	return out, nil
}

// counted are the filters' keys.
var counted = []string{
	"InstalledCount", "InstalledOtherCount", "InstalledPendingRebootCount", "InstalledRejectedCount", "MissingCount", "FailedCount",
	"NotApplicableCount", "UnreportedNotApplicableCount",
}

func (s *state) meets(f types.InstancePatchStateFilter) bool {
	have := map[string]int32{
		"InstalledCount": s.count(installed), "InstalledOtherCount": s.count(installedOther), "InstalledPendingRebootCount": s.count(pendingReboot),
		"InstalledRejectedCount": s.count(installedReject), "MissingCount": s.count(missingPatch), "FailedCount": s.count(failedPatch),
		"NotApplicableCount": s.count(notApplicable),
	}[*f.Key]
	want, err := strconv.Atoi(f.Values[0])
	if err != nil {
		return false
	}
	switch f.Type {
	case types.InstancePatchStateOperatorTypeNotEqual:
		return int(have) != want
	case types.InstancePatchStateOperatorTypeLessThan:
		return int(have) < want
	case types.InstancePatchStateOperatorTypeGreaterThan:
		return int(have) > want
	}
	return int(have) == want
}

// statesOf are the states of a patch group's nodes, by the tags that they have
// now.
func (s *Service) statesOf(tx *store.Tx, scope store.Scope, patchGroup string) ([]*state, error) {
	members, err := s.members(tx, scope, patchGroup)
	if err != nil {
		return nil, err
	}
	var out []*state
	for _, m := range members {
		one, err := s.stateOf(tx, scope, m.ID)
		if err != nil {
			return nil, err
		}
		if one != nil {
			out = append(out, one)
		}
	}
	return out, nil
}

func (s *Service) members(tx *store.Tx, scope store.Scope, patchGroup string) ([]Machine, error) {
	all, err := s.ports.Nodes.Machines(tx, scope)
	return slices.DeleteFunc(all, func(m Machine) bool { return m.patchGroup() != patchGroup }), err
}

func (s *Service) describeInstancePatchStatesForPatchGroupChecks(context.Context, *ssm.DescribeInstancePatchStatesForPatchGroupInput) ([]api.Check, error) {
	return api.OnAny("ssm:DescribeInstancePatchStatesForPatchGroup"), nil
}
