package workspaces

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ModifySamlProperties says where the people of a directory prove who they are.
// When it is ENABLED they cannot do so with their password any more, and this
// plane sends nobody back from an identity provider: only a ticket opens a
// desktop then.
func (s *Service) ModifySamlProperties(ctx context.Context, in *workspaces.ModifySamlPropertiesInput) (*workspaces.ModifySamlPropertiesOutput, error) {
	err := s.changeDirectory(ctx, in.ResourceId, func(_ *store.Tx, d *Directory) error {
		p := &d.Settings.SAML
		if slices.Contains(in.PropertiesToDelete, types.DeletableSamlPropertySamlPropertiesUserAccessUrl) {
			p.URL = ""
		}
		if slices.Contains(in.PropertiesToDelete, types.DeletableSamlPropertySamlPropertiesRelayStateParameterName) {
			p.RelayState = ""
		}
		if given := in.SamlProperties; given != nil {
			p.take(given)
		}
		if p.on() && p.URL == "" {
			return invalid("A user access URL is required when SAML 2.0 authentication is enabled.")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.ModifySamlPropertiesOutput{}, nil
}

func (s *Service) modifySamlPropertiesChecks(ctx context.Context, in *workspaces.ModifySamlPropertiesInput) ([]api.Check, error) {
	return s.onDirectory(ctx, "workspaces:ModifySamlProperties", in.ResourceId)
}
