package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// TagMFADevice adds tags to a device, or gives them other values.
func (s *Service) TagMFADevice(ctx context.Context, in *iam.TagMFADeviceInput) (*iam.TagMFADeviceOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		d, err := findDevice(tx, sc, *in.SerialNumber)
		if err != nil {
			return err
		}
		if d.Tags, err = addTags(d.Tags, in.Tags); err != nil {
			return err
		}
		return devices.Put(tx, sc, d)
	})
	return &iam.TagMFADeviceOutput{}, err
}

func (s *Service) tagMFADeviceChecks(ctx context.Context, in *iam.TagMFADeviceInput) ([]api.Check, error) {
	c, err := s.checkDevice(ctx, "iam:TagMFADevice", *in.SerialNumber)
	return []api.Check{withRequestTags(c, in.Tags)}, err
}
