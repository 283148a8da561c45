package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListMFADevices lists the devices of a user.
func (s *Service) ListMFADevices(ctx context.Context, in *iam.ListMFADevicesInput) (*iam.ListMFADevicesOutput, error) {
	call := api.CallFrom(ctx)
	if err := needsName(call, in.UserName); err != nil {
		return nil, err
	}
	out := &iam.ListMFADevicesOutput{MFADevices: []types.MFADevice{}}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, store.Scope{Account: call.Account}, userNamed(ctx, in.UserName))
		if err != nil {
			return err
		}
		all, err := devicesOf(tx, store.Scope{Account: call.Account}, u.ID)
		if err != nil {
			return err
		}
		found, page, err := pageFrom(all, asked{"ListMFADevices", in.Marker, in.MaxItems}, devices.Key)
		for _, d := range found {
			out.MFADevices = append(out.MFADevices, types.MFADevice{
				SerialNumber: new(d.serial(call.Account)), UserName: &u.Name, EnableDate: &d.Enabled,
			})
		}
		out.IsTruncated, out.Marker = page.truncated, page.marker
		return err
	})
	return out, err
}

func (s *Service) listMFADevicesChecks(ctx context.Context, in *iam.ListMFADevicesInput) ([]api.Check, error) {
	return s.checksOfUser(ctx, "iam:ListMFADevices", in.UserName)
}
