package patchmanager

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeInstancePatchStates sums up how nodes stand to their baselines. Nodes
// that never ran a scan are not in the answer.
func (s *Service) DescribeInstancePatchStates(ctx context.Context, in *ssm.DescribeInstancePatchStatesInput) (*ssm.DescribeInstancePatchStatesOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	ids := slices.Compact(slices.Sorted(slices.Values(in.InstanceIds)))
	var all []*state
	err := s.st.View(ctx, func(tx *store.Tx) error {
		for _, id := range ids {
			one, err := s.stateOf(tx, scope, id)
			if err != nil {
				return err
			}
			if one != nil {
				all = append(all, one)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	some, next, err := page("DescribeInstancePatchStates", all, states.Key, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	out := &ssm.DescribeInstancePatchStatesOutput{InstancePatchStates: []types.InstancePatchState{}, NextToken: next}
	for _, one := range some {
		out.InstancePatchStates = append(out.InstancePatchStates, one.describe())
	}
	return out, nil
}

// stateOf is the state of a node that is still registered, or nil.
func (s *Service) stateOf(tx *store.Tx, scope store.Scope, node string) (*state, error) {
	if _, ok, err := s.ports.Nodes.Machine(tx, scope, node); err != nil || !ok {
		return nil, err
	}
	one, err := states.Get(tx, scope, node)
	if missing(err) {
		return nil, nil
	}
	return one, err
}

func onNode(ctx context.Context, action, node string) api.Check {
	scope := store.In(api.CallFrom(ctx).Place())
	return api.Check{
		Action: action, Resource: arn.New("ssm", scope.Region, scope.Account, "managed-instance/"+node).String(),
		Keys: map[string]string{api.KeyNode: node},
	}
}

func (s *Service) describeInstancePatchStatesChecks(ctx context.Context, in *ssm.DescribeInstancePatchStatesInput) ([]api.Check, error) {
	var out []api.Check
	for _, id := range in.InstanceIds {
		out = append(out, onNode(ctx, "ssm:DescribeInstancePatchStates", id))
	}
	if len(out) == 0 {
		return api.On("ssm:DescribeInstancePatchStates", arn.New("ssm", api.CallFrom(ctx).Region, api.CallFrom(ctx).Account, "managed-instance/*")), nil
	}
	return out, nil
}
