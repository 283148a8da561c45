package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListHandshakesForOrganization lists the invitations that the organization made.
func (s *Service) ListHandshakesForOrganization(ctx context.Context, in *organizations.ListHandshakesForOrganizationInput) (*organizations.ListHandshakesForOrganizationOutput, error) {
	out := &organizations.ListHandshakesForOrganizationOutput{}
	err := s.view(ctx, func(tx *store.Tx, o *organization) error {
		all, err := handshakes.By(tx, store.Scope{}, "organization", o.ID, store.Page{})
		if err != nil {
			return err
		}
		out.Handshakes, out.NextToken, err = shownOf("ListHandshakesForOrganization", api.CallFrom(ctx).Time, in.NextToken, in.MaxResults, in.Filter, all)
		return err
	})
	return out, err
}

func (s *Service) listHandshakesForOrganizationChecks(ctx context.Context, in *organizations.ListHandshakesForOrganizationInput) ([]api.Check, error) {
	return anywhere("ListHandshakesForOrganization")
}
