package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// TagMFADevice adds tags to a device, or gives them other values.
func (s *Service) TagMFADevice(ctx context.Context, in *iam.TagMFADeviceInput) (*iam.TagMFADeviceOutput, error) {
	err := alter(ctx, s, &devices, findDevice, *in.SerialNumber, func(_ *store.Tx, _ store.Scope, d *device) (err error) {
		d.Tags, err = addTags(d.Tags, in.Tags)
		return err
	})
	return &iam.TagMFADeviceOutput{}, err
}

func (s *Service) tagMFADeviceChecks(ctx context.Context, in *iam.TagMFADeviceInput) ([]api.Check, error) {
	c, err := s.checkDevice(ctx, "iam:TagMFADevice", *in.SerialNumber)
	return []api.Check{withRequestTags(c, in.Tags)}, err
}
