package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UntagMFADevice removes tags of a device. A key that it does not have is no
// error.
func (s *Service) UntagMFADevice(ctx context.Context, in *iam.UntagMFADeviceInput) (*iam.UntagMFADeviceOutput, error) {
	err := alter(ctx, s, &devices, findDevice, *in.SerialNumber, func(_ *store.Tx, _ store.Scope, d *device) error {
		d.Tags = removeTags(d.Tags, in.TagKeys)
		return nil
	})
	return &iam.UntagMFADeviceOutput{}, err
}

func (s *Service) untagMFADeviceChecks(ctx context.Context, in *iam.UntagMFADeviceInput) ([]api.Check, error) {
	c, err := s.checkDevice(ctx, "iam:UntagMFADevice", *in.SerialNumber)
	return []api.Check{withTagKeys(c, in.TagKeys)}, err
}
