package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// ListMFADeviceTags lists the tags of a device in the order of their keys.
func (s *Service) ListMFADeviceTags(ctx context.Context, in *iam.ListMFADeviceTagsInput) (*iam.ListMFADeviceTagsOutput, error) {
	tags, end, err := listTags(ctx, s, findDevice, *in.SerialNumber, func(d *device) map[string]string { return d.Tags }, asked{"ListMFADeviceTags", in.Marker, in.MaxItems})
	if err != nil {
		return nil, err
	}
	return &iam.ListMFADeviceTagsOutput{Tags: tags, IsTruncated: end.truncated, Marker: end.marker}, nil
}

func (s *Service) listMFADeviceTagsChecks(ctx context.Context, in *iam.ListMFADeviceTagsInput) ([]api.Check, error) {
	c, err := s.checkDevice(ctx, "iam:ListMFADeviceTags", *in.SerialNumber)
	return []api.Check{c}, err
}
