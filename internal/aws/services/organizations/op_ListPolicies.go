package organizations

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListPolicies lists the policies of a type, AWS's own among them.
func (s *Service) ListPolicies(ctx context.Context, in *organizations.ListPoliciesInput) (*organizations.ListPoliciesOutput, error) {
	out := &organizations.ListPoliciesOutput{}
	err := s.view(ctx, func(tx *store.Tx, o *organization) error {
		if err := o.acceptType(in.Filter); err != nil {
			return &types.InvalidInputException{Message: aws.String(err.Error()), Reason: types.InvalidInputExceptionReasonInvalidEnumPolicyType}
		}
		all, err := policiesOf(tx, o)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(p *control) bool { return p.Type != string(in.Filter) })
		all = append([]*control{full(string(in.Filter))}, all...)
		slices.SortFunc(all, func(a, b *control) int { return strings.Compare(a.ID, b.ID) })
		shown, next, err := page("ListPolicies", in.NextToken, in.MaxResults, all, func(p *control) string { return p.ID })
		for _, p := range shown {
			out.Policies = append(out.Policies, *p.summary(o))
		}
		out.NextToken = next
		return err
	})
	return out, err
}

func (s *Service) listPoliciesChecks(ctx context.Context, in *organizations.ListPoliciesInput) ([]api.Check, error) {
	checks, err := anywhere("ListPolicies")
	return withKey(checks, err, "organizations:PolicyType", string(in.Filter))
}
