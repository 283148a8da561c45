package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteClientBranding makes the sign-in of kinds of devices look as it does
// without branding.
func (s *Service) DeleteClientBranding(ctx context.Context, in *workspaces.DeleteClientBrandingInput) (*workspaces.DeleteClientBrandingOutput, error) {
	sc := store.In(api.CallFrom(ctx).Place())
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		b, err := brandingOf(tx, sc, text(in.ResourceId))
		if err != nil {
			return err
		}
		for _, device := range in.Platforms {
			if err := b.Looks[string(device)].drop(tx); err != nil {
				return err
			}
			delete(b.Looks, string(device))
		}
		return brandings.Put(tx, sc, b)
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.DeleteClientBrandingOutput{}, nil
}

func (s *Service) deleteClientBrandingChecks(ctx context.Context, in *workspaces.DeleteClientBrandingInput) ([]api.Check, error) {
	return s.onDirectory(ctx, "workspaces:DeleteClientBranding", in.ResourceId)
}
