package directoryservice

import (
	"context"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
)

// EnableRadius has a directory's second factors judged by RADIUS servers.
// Nobody signs in to desktops without a code from then on; whether a server
// answers is looked at afterwards and shown as RadiusStatus.
func (s *Service) EnableRadius(ctx context.Context, in *ds.EnableRadiusInput) (*ds.EnableRadiusOutput, error) {
	call := api.CallFrom(ctx)
	err := s.changeRadius(ctx, call, *in.DirectoryId, func(r *record) (err error) {
		if r.Radius != nil {
			return &types.EntityAlreadyExistsException{Message: say("RADIUS is already enabled for the directory %s.", r.ID), RequestId: &call.RequestID}
		}
		r.Radius, err = s.radiusOf(call, r.ID, in.RadiusSettings, nil)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &ds.EnableRadiusOutput{}, nil
}

func (s *Service) enableRadiusChecks(ctx context.Context, in *ds.EnableRadiusInput) ([]api.Check, error) {
	return s.on(ctx, "ds:EnableRadius", *in.DirectoryId)
}
