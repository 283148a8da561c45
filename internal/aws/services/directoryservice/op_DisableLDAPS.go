package directoryservice

import (
	"context"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
)

// DisableLDAPS has a directory asked as before LDAPS was enabled.
func (s *Service) DisableLDAPS(ctx context.Context, in *ds.DisableLDAPSInput) (*ds.DisableLDAPSOutput, error) {
	call := api.CallFrom(ctx)
	err := s.changeSecurity(ctx, *in.DirectoryId, func(r *record) error {
		if status := r.ldapsStatus(); status == types.LDAPSStatusDisabled || status == types.LDAPSStatusEnabling {
			return badStatus(call, r)
		}
		r.LDAPS = &ldaps{Status: string(types.LDAPSStatusDisabled), Since: call.Time}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ds.DisableLDAPSOutput{}, nil
}

func (s *Service) disableLDAPSChecks(ctx context.Context, in *ds.DisableLDAPSInput) ([]api.Check, error) {
	return s.on(ctx, "ds:DisableLDAPS", *in.DirectoryId)
}
