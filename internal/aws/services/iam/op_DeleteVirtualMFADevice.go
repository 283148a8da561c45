package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteVirtualMFADevice removes a device that no user has.
func (s *Service) DeleteVirtualMFADevice(ctx context.Context, in *iam.DeleteVirtualMFADeviceInput) (*iam.DeleteVirtualMFADeviceOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		d, err := findDevice(tx, sc, *in.SerialNumber)
		if err != nil {
			return err
		}
		if d.User != "" {
			return deleteConflict("MFA VirtualDevice in use. Must deactivate first.")
		}
		return devices.Delete(tx, sc, devices.Key(d))
	})
	return &iam.DeleteVirtualMFADeviceOutput{}, err
}

func (s *Service) deleteVirtualMFADeviceChecks(ctx context.Context, in *iam.DeleteVirtualMFADeviceInput) ([]api.Check, error) {
	c, err := s.checkDevice(ctx, "iam:DeleteVirtualMFADevice", *in.SerialNumber)
	return []api.Check{c}, err
}
