package organizations

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateOrganization makes the caller's account the management account of a
// new organization.
func (s *Service) CreateOrganization(ctx context.Context, in *organizations.CreateOrganizationInput) (*organizations.CreateOrganizationOutput, error) {
	call := api.CallFrom(ctx)
	o := &organization{
		ID: "o-" + s.ids.Lower(10), Root: "r-" + s.ids.Lower(4), Management: call.Account,
		FeatureSet: string(types.OrganizationFeatureSetAll), Created: call.Time.UTC().Truncate(time.Second),
	}
	if in.FeatureSet != "" {
		o.FeatureSet = string(in.FeatureSet)
	}
	m := &member{
		Account: call.Account, Organization: o.ID, Name: "management", Joined: o.Created,
		Email: "root@" + call.Account + "." + s.domain,
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		_, err := members.Get(tx, store.Scope{}, call.Account)
		if err == nil {
			return &types.AlreadyInOrganizationException{Message: aws.String("The AWS account is already a member of an organization.")}
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return errors.Join(known.Put(tx, store.Scope{}, o), members.Put(tx, store.Scope{}, m))
	})
	if err != nil {
		return nil, err
	}
	return &organizations.CreateOrganizationOutput{Organization: o.shown(m)}, nil
}

func (s *Service) createOrganizationChecks(context.Context, *organizations.CreateOrganizationInput) ([]api.Check, error) {
	return api.OnAny("organizations:CreateOrganization"), nil
}
