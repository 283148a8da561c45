package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListDelegatedAdministrators lists the accounts that administer a service, or any.
func (s *Service) ListDelegatedAdministrators(ctx context.Context, in *organizations.ListDelegatedAdministratorsInput) (*organizations.ListDelegatedAdministratorsOutput, error) {
	out := &organizations.ListDelegatedAdministratorsOutput{}
	err := s.view(ctx, func(tx *store.Tx, o *organization) error {
		all, err := delegates.By(tx, store.Scope{}, "organization", o.ID, store.Page{})
		if err != nil {
			return err
		}
		var first []*delegate // one an account, the longest
		for _, d := range all {
			if in.ServicePrincipal != nil && d.Service != *in.ServicePrincipal {
				continue
			}
			last := len(first) - 1
			switch {
			case last < 0 || first[last].Account != d.Account:
				first = append(first, d)
			case d.Since.Before(first[last].Since):
				first[last] = d
			}
		}
		shown, next, err := page("ListDelegatedAdministrators", in.NextToken, in.MaxResults, first, func(d *delegate) string { return d.Account })
		if err != nil {
			return err
		}
		for _, d := range shown {
			m, err := wantMember(tx, o, d.Account)
			if err != nil {
				return err
			}
			a := m.shown(o)
			out.DelegatedAdministrators = append(out.DelegatedAdministrators, types.DelegatedAdministrator{
				Id: a.Id, Arn: a.Arn, Email: a.Email, Name: a.Name, Status: a.Status, State: a.State,
				JoinedMethod: a.JoinedMethod, JoinedTimestamp: a.JoinedTimestamp, DelegationEnabledDate: aws.Time(d.Since),
			})
		}
		out.NextToken = next
		return nil
	})
	return out, err
}

func (s *Service) listDelegatedAdministratorsChecks(ctx context.Context, in *organizations.ListDelegatedAdministratorsInput) ([]api.Check, error) {
	checks, err := anywhere("ListDelegatedAdministrators")
	if in.ServicePrincipal == nil {
		return checks, err
	}
	return withKey(checks, err, "organizations:ServicePrincipal", *in.ServicePrincipal)
}
