package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListAWSServiceAccessForOrganization lists the services that are trusted.
func (s *Service) ListAWSServiceAccessForOrganization(ctx context.Context, in *organizations.ListAWSServiceAccessForOrganizationInput) (*organizations.ListAWSServiceAccessForOrganizationOutput, error) {
	out := &organizations.ListAWSServiceAccessForOrganizationOutput{}
	err := s.view(ctx, func(tx *store.Tx, o *organization) error {
		all, err := trusted.By(tx, store.Scope{}, "organization", o.ID, store.Page{})
		if err != nil {
			return err
		}
		shown, next, err := page("ListAWSServiceAccessForOrganization", in.NextToken, in.MaxResults, all, trusted.Key)
		for _, t := range shown {
			out.EnabledServicePrincipals = append(out.EnabledServicePrincipals, types.EnabledServicePrincipal{ServicePrincipal: aws.String(t.Service), DateEnabled: aws.Time(t.Since)})
		}
		out.NextToken = next
		return err
	})
	return out, err
}

func (s *Service) listAWSServiceAccessForOrganizationChecks(ctx context.Context, in *organizations.ListAWSServiceAccessForOrganizationInput) ([]api.Check, error) {
	return anywhere("ListAWSServiceAccessForOrganization")
}
