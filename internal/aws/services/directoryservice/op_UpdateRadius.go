package directoryservice

import (
	"context"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"

	"tamachi/internal/aws/api"
)

// UpdateRadius changes the settings of RADIUS; what is not given stays.
func (s *Service) UpdateRadius(ctx context.Context, in *ds.UpdateRadiusInput) (*ds.UpdateRadiusOutput, error) {
	call := api.CallFrom(ctx)
	err := s.changeRadius(ctx, call, *in.DirectoryId, func(r *record) (err error) {
		if r.Radius == nil {
			return noRadius(call, r.ID)
		}
		r.Radius, err = s.radiusOf(call, r.ID, in.RadiusSettings, r.Radius)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &ds.UpdateRadiusOutput{}, nil
}

func (s *Service) updateRadiusChecks(ctx context.Context, in *ds.UpdateRadiusInput) ([]api.Check, error) {
	return s.on(ctx, "ds:UpdateRadius", *in.DirectoryId)
}
