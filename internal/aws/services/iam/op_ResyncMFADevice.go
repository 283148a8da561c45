package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ResyncMFADevice learns from two consecutive codes how far a device's clock is
// off.
func (s *Service) ResyncMFADevice(ctx context.Context, in *iam.ResyncMFADeviceInput) (*iam.ResyncMFADeviceOutput, error) {
	call := api.CallFrom(ctx)
	sc := store.Scope{Account: call.Account}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, sc, *in.UserName)
		if err != nil {
			return err
		}
		d, err := deviceOf(tx, sc, u, *in.SerialNumber)
		if err != nil {
			return err
		}
		if !d.synchronize(*in.AuthenticationCode1, *in.AuthenticationCode2, call.Time) {
			return errInvalidCode()
		}
		return devices.Put(tx, sc, d)
	})
	return &iam.ResyncMFADeviceOutput{}, err
}

func (s *Service) resyncMFADeviceChecks(ctx context.Context, in *iam.ResyncMFADeviceInput) ([]api.Check, error) {
	return s.checksOfUser(ctx, "iam:ResyncMFADevice", in.UserName)
}
