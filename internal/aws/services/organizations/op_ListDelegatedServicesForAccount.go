package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListDelegatedServicesForAccount lists the services that an account administers.
func (s *Service) ListDelegatedServicesForAccount(ctx context.Context, in *organizations.ListDelegatedServicesForAccountInput) (*organizations.ListDelegatedServicesForAccountOutput, error) {
	out := &organizations.ListDelegatedServicesForAccountOutput{}
	err := s.view(ctx, func(tx *store.Tx, o *organization) error {
		if _, err := wantMember(tx, o, *in.AccountId); err != nil {
			return err
		}
		all, err := delegatesOf(tx, o, *in.AccountId)
		if err == nil && len(all) == 0 {
			err = notRegistered()
		}
		if err != nil {
			return err
		}
		shown, next, err := page("ListDelegatedServicesForAccount", in.NextToken, in.MaxResults, all, delegates.Key)
		for _, d := range shown {
			out.DelegatedServices = append(out.DelegatedServices, types.DelegatedService{ServicePrincipal: aws.String(d.Service), DelegationEnabledDate: aws.Time(d.Since)})
		}
		out.NextToken = next
		return err
	})
	return out, err
}

func (s *Service) listDelegatedServicesForAccountChecks(ctx context.Context, in *organizations.ListDelegatedServicesForAccountInput) ([]api.Check, error) {
	return s.on(ctx, "ListDelegatedServicesForAccount", *in.AccountId)
}
