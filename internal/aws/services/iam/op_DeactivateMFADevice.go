package iam

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeactivateMFADevice takes a device from its user. The device stays.
func (s *Service) DeactivateMFADevice(ctx context.Context, in *iam.DeactivateMFADeviceInput) (*iam.DeactivateMFADeviceOutput, error) {
	call := api.CallFrom(ctx)
	sc := store.Scope{Account: call.Account}
	if err := needsName(call, in.UserName); err != nil {
		return nil, err
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, sc, userNamed(ctx, in.UserName))
		if err != nil {
			return err
		}
		d, err := deviceOf(tx, sc, u, *in.SerialNumber)
		if err != nil {
			return err
		}
		d.User, d.Enabled = "", time.Time{}
		return devices.Put(tx, sc, d)
	})
	return &iam.DeactivateMFADeviceOutput{}, err
}

func (s *Service) deactivateMFADeviceChecks(ctx context.Context, in *iam.DeactivateMFADeviceInput) ([]api.Check, error) {
	return s.checksOfUser(ctx, "iam:DeactivateMFADevice", in.UserName)
}
