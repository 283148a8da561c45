package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ModifyClientProperties says what clients of a directory's users may do. There
// is nothing that a browser could upload logs to.
func (s *Service) ModifyClientProperties(ctx context.Context, in *workspaces.ModifyClientPropertiesInput) (*workspaces.ModifyClientPropertiesOutput, error) {
	if in.ClientProperties.LogUploadEnabled == types.LogUploadEnumEnabled {
		return nil, unsupported("The upload of clients' logs")
	}
	err := s.changeDirectory(ctx, in.ResourceId, func(_ *store.Tx, d *Directory) error {
		if r := in.ClientProperties.ReconnectEnabled; r != "" {
			d.Settings.Reconnect = string(r)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.ModifyClientPropertiesOutput{}, nil
}

func (s *Service) modifyClientPropertiesChecks(ctx context.Context, in *workspaces.ModifyClientPropertiesInput) ([]api.Check, error) {
	return s.onDirectory(ctx, "workspaces:ModifyClientProperties", in.ResourceId)
}
