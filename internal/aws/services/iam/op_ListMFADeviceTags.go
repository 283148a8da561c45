package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListMFADeviceTags lists the tags of a device in the order of their keys.
func (s *Service) ListMFADeviceTags(ctx context.Context, in *iam.ListMFADeviceTagsInput) (*iam.ListMFADeviceTagsOutput, error) {
	out := &iam.ListMFADeviceTagsOutput{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		d, err := findDevice(tx, store.Scope{Account: api.CallFrom(ctx).Account}, *in.SerialNumber)
		if err != nil {
			return err
		}
		tags, page, err := pageTags(d.Tags, asked{"ListMFADeviceTags", in.Marker, in.MaxItems})
		out.Tags, out.IsTruncated, out.Marker = tags, page.truncated, page.marker
		return err
	})
	return out, err
}

func (s *Service) listMFADeviceTagsChecks(ctx context.Context, in *iam.ListMFADeviceTagsInput) ([]api.Check, error) {
	c, err := s.checkDevice(ctx, "iam:ListMFADeviceTags", *in.SerialNumber)
	return []api.Check{c}, err
}
