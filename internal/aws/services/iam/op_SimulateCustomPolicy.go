package iam

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
)

// SimulateCustomPolicy tells what policies would decide that are attached to
// nobody.
func (s *Service) SimulateCustomPolicy(ctx context.Context, in *iam.SimulateCustomPolicyInput) (*iam.SimulateCustomPolicyOutput, error) {
	who, err := callerOf(api.CallFrom(ctx), in.CallerArn)
	if err != nil {
		return nil, err
	}
	m := &simulation{who: who, names: map[*policy.Document]source{}}
	if m.held.Identity, err = m.set("PolicyInputList", in.PolicyInputList, policy.Parse); err != nil {
		return nil, err
	}
	if err = m.organization(in.OrderedOrganizationPolicyInputList); err != nil {
		return nil, err
	}
	err = m.read(simulated{in.ActionNames, in.ResourceArns, in.PermissionsBoundaryPolicyInputList, in.ResourcePolicy, in.ResourceOwner, in.ContextEntries})
	if err != nil {
		return nil, err
	}
	results, page, err := m.results(asked{"SimulateCustomPolicy", in.Marker, in.MaxItems})
	return &iam.SimulateCustomPolicyOutput{EvaluationResults: results, IsTruncated: page.truncated, Marker: page.marker}, err
}

// organization reads the levels of SCPs that a simulation brings.
func (m *simulation) organization(levels []types.OrderedOrganizationPolicyType) error {
	for i, level := range levels {
		list := "OrderedOrganizationPolicyInputList." + strconv.Itoa(i+1) + ".ServiceControlPolicyInputList"
		all, err := m.documents(list, level.ServiceControlPolicyInputList, policy.ParseSCP)
		if err != nil {
			return err
		}
		m.held.SCPs = append(m.held.SCPs, policy.NewLevel(strconv.Itoa(i+1), all...))
	}
	return nil
}

func (s *Service) simulateCustomPolicyChecks(context.Context, *iam.SimulateCustomPolicyInput) ([]api.Check, error) {
	return api.OnAny("iam:SimulateCustomPolicy"), nil
}
