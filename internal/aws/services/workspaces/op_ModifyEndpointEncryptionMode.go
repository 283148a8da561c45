package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ModifyEndpointEncryptionMode says how streams of a directory's desktops are
// encrypted: by standard TLS. A mode that was validated for FIPS 140-2 cannot be
// had, for nobody validated this plane.
func (s *Service) ModifyEndpointEncryptionMode(ctx context.Context, in *workspaces.ModifyEndpointEncryptionModeInput) (*workspaces.ModifyEndpointEncryptionModeOutput, error) {
	err := s.changeDirectory(ctx, in.DirectoryId, func(*store.Tx, *Directory) error {
		if in.EndpointEncryptionMode != types.EndpointEncryptionModeStandardTls {
			return unsupported("The endpoint encryption mode " + string(in.EndpointEncryptionMode))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.ModifyEndpointEncryptionModeOutput{}, nil
}

func (s *Service) modifyEndpointEncryptionModeChecks(ctx context.Context, in *workspaces.ModifyEndpointEncryptionModeInput) ([]api.Check, error) {
	return s.onDirectory(ctx, "workspaces:ModifyEndpointEncryptionMode", in.DirectoryId)
}
