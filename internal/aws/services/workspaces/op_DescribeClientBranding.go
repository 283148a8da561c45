package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeClientBranding shows the kinds of devices whose branding was imported.
func (s *Service) DescribeClientBranding(ctx context.Context, in *workspaces.DescribeClientBrandingInput) (*workspaces.DescribeClientBrandingOutput, error) {
	var b *Branding
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		b, err = brandingOf(tx, store.In(api.CallFrom(ctx).Place()), text(in.ResourceId))
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.describeBranding(b), nil
}

func (s *Service) describeBranding(b *Branding) *workspaces.DescribeClientBrandingOutput {
	return &workspaces.DescribeClientBrandingOutput{
		DeviceTypeWindows: s.show(b, types.ClientDeviceTypeDeviceTypeWindows), DeviceTypeOsx: s.show(b, types.ClientDeviceTypeDeviceTypeOsx),
		DeviceTypeAndroid: s.show(b, types.ClientDeviceTypeDeviceTypeAndroid), DeviceTypeLinux: s.show(b, types.ClientDeviceTypeDeviceTypeLinux),
		DeviceTypeWeb: s.show(b, types.ClientDeviceTypeDeviceTypeWeb), DeviceTypeIos: s.showIOS(b),
	}
}

func (s *Service) describeClientBrandingChecks(ctx context.Context, in *workspaces.DescribeClientBrandingInput) ([]api.Check, error) {
	return s.onDirectory(ctx, "workspaces:DescribeClientBranding", in.ResourceId)
}
