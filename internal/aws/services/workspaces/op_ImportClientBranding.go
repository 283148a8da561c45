package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ImportClientBranding says how the sign-in of a directory looks on kinds of
// devices. What was imported before for the same kind is replaced.
func (s *Service) ImportClientBranding(ctx context.Context, in *workspaces.ImportClientBrandingInput) (*workspaces.ImportClientBrandingOutput, error) {
	asked := map[types.ClientDeviceType]*look{
		types.ClientDeviceTypeDeviceTypeWindows: lookOf(in.DeviceTypeWindows), types.ClientDeviceTypeDeviceTypeOsx: lookOf(in.DeviceTypeOsx),
		types.ClientDeviceTypeDeviceTypeAndroid: lookOf(in.DeviceTypeAndroid), types.ClientDeviceTypeDeviceTypeLinux: lookOf(in.DeviceTypeLinux),
		types.ClientDeviceTypeDeviceTypeWeb: lookOf(in.DeviceTypeWeb), types.ClientDeviceTypeDeviceTypeIos: iosLookOf(in.DeviceTypeIos),
	}
	names := map[types.ClientDeviceType][]string{}
	for device, l := range asked {
		if l == nil {
			delete(asked, device)
			continue
		}
		if err := l.check(string(device)); err != nil {
			return nil, err
		}
		names[device] = []string{s.ids.Lower(32), s.ids.Lower(32), s.ids.Lower(32)}
	}
	if len(asked) == 0 {
		return nil, invalid("You must specify at least one platform type when importing client branding.")
	}
	sc := store.In(api.CallFrom(ctx).Place())
	var b *Branding
	err := s.store.Update(ctx, func(tx *store.Tx) (err error) {
		if b, err = brandingOf(tx, sc, text(in.ResourceId)); err != nil {
			return err
		}
		for device, l := range asked {
			if err := b.Looks[string(device)].drop(tx); err != nil {
				return err
			}
			if b.Looks[string(device)], err = l.keep(tx, names[device]); err != nil {
				return err
			}
		}
		return brandings.Put(tx, sc, b)
	})
	if err != nil {
		return nil, err
	}
	d := s.describeBranding(b)
	return &workspaces.ImportClientBrandingOutput{
		DeviceTypeWindows: d.DeviceTypeWindows, DeviceTypeOsx: d.DeviceTypeOsx, DeviceTypeAndroid: d.DeviceTypeAndroid,
		DeviceTypeIos: d.DeviceTypeIos, DeviceTypeLinux: d.DeviceTypeLinux, DeviceTypeWeb: d.DeviceTypeWeb,
	}, nil
}

func (s *Service) importClientBrandingChecks(ctx context.Context, in *workspaces.ImportClientBrandingInput) ([]api.Check, error) {
	return s.onDirectory(ctx, "workspaces:ImportClientBranding", in.ResourceId)
}
