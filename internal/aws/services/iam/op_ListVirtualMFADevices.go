package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListVirtualMFADevices lists the account's devices, without seeds and tags, as
// AWS does.
func (s *Service) ListVirtualMFADevices(ctx context.Context, in *iam.ListVirtualMFADevicesInput) (*iam.ListVirtualMFADevicesOutput, error) {
	call := api.CallFrom(ctx)
	out := &iam.ListVirtualMFADevicesOutput{VirtualMFADevices: []types.VirtualMFADevice{}}
	wanted := func(d *device) bool {
		switch in.AssignmentStatus {
		case types.AssignmentStatusTypeAssigned:
			return d.User != ""
		case types.AssignmentStatusTypeUnassigned:
			return d.User == ""
		default:
			return true
		}
	}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		found, page, err := pageOf(tx, &devices, store.Scope{Account: call.Account}, asked{"ListVirtualMFADevices", in.Marker, in.MaxItems}, wanted)
		if err != nil {
			return err
		}
		for _, d := range found {
			shown := types.VirtualMFADevice{SerialNumber: new(d.serial(call.Account))}
			if d.User != "" {
				u, err := userByID(tx, store.Scope{Account: call.Account}, d.User)
				if err != nil {
					return err
				}
				shown.User, shown.EnableDate = u.shown(call.Account), &d.Enabled
			}
			out.VirtualMFADevices = append(out.VirtualMFADevices, shown)
		}
		out.IsTruncated, out.Marker = page.truncated, page.marker
		return nil
	})
	return out, err
}

func (s *Service) listVirtualMFADevicesChecks(ctx context.Context, in *iam.ListVirtualMFADevicesInput) ([]api.Check, error) {
	return api.OnAny("iam:ListVirtualMFADevices"), nil
}
