package directoryservice

import (
	"context"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
)

// EnableLDAPS has a directory asked over LDAPS only, and only servers that a
// registered authority vouches for. It answers at once; Upkeep looks whether the
// directory can do so, and LDAPSStatus tells.
func (s *Service) EnableLDAPS(ctx context.Context, in *ds.EnableLDAPSInput) (*ds.EnableLDAPSOutput, error) {
	call := api.CallFrom(ctx)
	err := s.changeSecurity(ctx, *in.DirectoryId, func(r *record) error {
		if status := r.ldapsStatus(); status == types.LDAPSStatusEnabled || status == types.LDAPSStatusEnabling {
			return badStatus(call, r)
		}
		if len(r.Certificates) == 0 {
			return &types.NoAvailableCertificateException{
				Message: say("At least one valid certificate must be registered for the directory %s first.", r.ID), RequestId: &call.RequestID,
			}
		}
		r.LDAPS = &ldaps{Status: string(types.LDAPSStatusEnabling), Since: call.Time}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ds.EnableLDAPSOutput{}, nil
}

func badStatus(call *api.Call, r *record) error {
	return &types.InvalidLDAPSStatusException{Message: say("The LDAPS status of the directory %s is %s.", r.ID, r.ldapsStatus()), RequestId: &call.RequestID}
}

func (s *Service) enableLDAPSChecks(ctx context.Context, in *ds.EnableLDAPSInput) ([]api.Check, error) {
	return s.on(ctx, "ds:EnableLDAPS", *in.DirectoryId)
}
