package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// EnableMFADevice gives a device to a user. Two consecutive codes prove that the
// user holds it, and tell how far its clock is off.
func (s *Service) EnableMFADevice(ctx context.Context, in *iam.EnableMFADeviceInput) (*iam.EnableMFADeviceOutput, error) {
	call := api.CallFrom(ctx)
	sc := store.Scope{Account: call.Account}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, sc, *in.UserName)
		if err != nil {
			return err
		}
		d, err := findDevice(tx, sc, *in.SerialNumber)
		if err != nil {
			return err
		}
		if d.User != "" {
			return alreadyExists("MFADevice with serial number %s is already in use.", *in.SerialNumber)
		}
		have, err := devicesOf(tx, sc, u.ID)
		if err != nil {
			return err
		}
		if len(have) >= maxDevices {
			return overQuota("MFADevicesPerUser", maxDevices)
		}
		if !d.synchronize(*in.AuthenticationCode1, *in.AuthenticationCode2, call.Time) {
			return errInvalidCode()
		}
		d.User, d.Enabled = u.ID, moment(call)
		return devices.Put(tx, sc, d)
	})
	return &iam.EnableMFADeviceOutput{}, err
}

func (s *Service) enableMFADeviceChecks(ctx context.Context, in *iam.EnableMFADeviceInput) ([]api.Check, error) {
	return s.checksOfUser(ctx, "iam:EnableMFADevice", in.UserName)
}
