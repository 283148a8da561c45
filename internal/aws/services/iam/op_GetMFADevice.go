package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetMFADevice shows a device of a user.
func (s *Service) GetMFADevice(ctx context.Context, in *iam.GetMFADeviceInput) (*iam.GetMFADeviceOutput, error) {
	call := api.CallFrom(ctx)
	if err := needsName(call, in.UserName); err != nil {
		return nil, err
	}
	out := &iam.GetMFADeviceOutput{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, store.Scope{Account: call.Account}, userNamed(ctx, in.UserName))
		if err != nil {
			return err
		}
		d, err := deviceOf(tx, store.Scope{Account: call.Account}, u, *in.SerialNumber)
		if err != nil {
			return err
		}
		out.UserName, out.SerialNumber, out.EnableDate = &u.Name, new(d.serial(call.Account)), &d.Enabled
		return nil
	})
	return out, err
}

func (s *Service) getMFADeviceChecks(ctx context.Context, in *iam.GetMFADeviceInput) ([]api.Check, error) {
	return s.checksOfUser(ctx, "iam:GetMFADevice", in.UserName)
}
