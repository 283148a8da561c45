package iam

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListPolicies lists managed policies, AWS's and the account's, in the order of
// their names, without descriptions and tags.
func (s *Service) ListPolicies(ctx context.Context, in *iam.ListPoliciesInput) (*iam.ListPoliciesOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	out := &iam.ListPoliciesOutput{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		u, err := usageOf(tx, sc)
		if err != nil {
			return err
		}
		all, err := policiesIn(tx, sc, in.Scope)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(m *managed) bool { return !listed(in, m, u, m.theARN(sc.Account)) })
		found, page, err := pageFrom(all, asked{"ListPolicies", in.Marker, in.MaxItems}, func(m *managed) string {
			return policies.Key(m) + " " + m.theARN(sc.Account) // AWS may have a policy of the same name
		})
		for _, m := range found {
			out.Policies = append(out.Policies, m.shown(sc.Account, u))
		}
		out.IsTruncated, out.Marker = page.truncated, page.marker
		return err
	})
	return out, err
}

func (s *Service) listPoliciesChecks(context.Context, *iam.ListPoliciesInput) ([]api.Check, error) {
	return api.OnAny("iam:ListPolicies"), nil
}

// policiesIn lists the policies of AWS, of the account, or both.
func policiesIn(tx *store.Tx, sc store.Scope, scope types.PolicyScopeType) (all []*managed, err error) {
	if scope != types.PolicyScopeTypeAws {
		if all, err = policies.List(tx, sc, store.Page{}); err != nil {
			return nil, err
		}
	}
	if scope != types.PolicyScopeTypeLocal {
		for _, m := range awsPolicies() {
			all = append(all, m)
		}
	}
	return all, nil
}

// listed tells whether the filters of the call let a policy through.
func listed(in *iam.ListPoliciesInput, m *managed, u usage, policyARN string) bool {
	switch {
	case !strings.HasPrefix(m.Path, pathOr(in.PathPrefix)):
		return false
	case in.PolicyUsageFilter == types.PolicyUsageTypePermissionsBoundary:
		return u.bounding[policyARN] > 0
	case in.OnlyAttached || in.PolicyUsageFilter == types.PolicyUsageTypePermissionsPolicy:
		return u.attached[policyARN] > 0
	}
	return true
}
