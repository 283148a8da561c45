package directoryservice

import (
	"context"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"

	"tamachi/internal/aws/api"
)

// DisableRadius ends the use of RADIUS; people sign in as before.
func (s *Service) DisableRadius(ctx context.Context, in *ds.DisableRadiusInput) (*ds.DisableRadiusOutput, error) {
	call := api.CallFrom(ctx)
	err := s.changeRadius(ctx, call, *in.DirectoryId, func(r *record) (err error) {
		if r.Radius == nil {
			return noRadius(call, r.ID)
		}
		r.Radius = nil
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ds.DisableRadiusOutput{}, nil
}

func (s *Service) disableRadiusChecks(ctx context.Context, in *ds.DisableRadiusInput) ([]api.Check, error) {
	return s.on(ctx, "ds:DisableRadius", *in.DirectoryId)
}
