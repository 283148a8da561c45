package workspaces

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ModifyCertificateBasedAuthProperties names the certificate authority of a
// directory. Signing in to a desktop by certificate is refused: it would need a
// session that an identity provider opened.
func (s *Service) ModifyCertificateBasedAuthProperties(ctx context.Context, in *workspaces.ModifyCertificateBasedAuthPropertiesInput) (*workspaces.ModifyCertificateBasedAuthPropertiesOutput, error) {
	given := in.CertificateBasedAuthProperties
	if given != nil && given.Status == types.CertificateBasedAuthStatusEnumEnabled {
		return nil, unsupported("Certificate-based authentication")
	}
	err := s.changeDirectory(ctx, in.ResourceId, func(_ *store.Tx, d *Directory) error {
		if slices.Contains(in.PropertiesToDelete, types.DeletableCertificateBasedAuthPropertyCertificateBasedAuthPropertiesCertificateAuthorityArn) {
			d.Settings.Authority = ""
		}
		if given != nil && given.CertificateAuthorityArn != nil {
			d.Settings.Authority = *given.CertificateAuthorityArn
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.ModifyCertificateBasedAuthPropertiesOutput{}, nil
}

func (s *Service) modifyCertificateBasedAuthPropertiesChecks(ctx context.Context, in *workspaces.ModifyCertificateBasedAuthPropertiesInput) ([]api.Check, error) {
	return s.onDirectory(ctx, "workspaces:ModifyCertificateBasedAuthProperties", in.ResourceId)
}
