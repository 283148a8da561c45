package iam

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"rsc.io/qr"

	"tamachi/internal/aws/api"
	"tamachi/internal/proof"
	"tamachi/internal/store"
)

// CreateVirtualMFADevice makes a device. Its seed is in this answer only, as
// text and as a QR code for an authenticator app.
func (s *Service) CreateVirtualMFADevice(ctx context.Context, in *iam.CreateVirtualMFADeviceInput) (*iam.CreateVirtualMFADeviceOutput, error) {
	call := api.CallFrom(ctx)
	tags, err := newTags(in.Tags)
	if err != nil {
		return nil, err
	}
	d := &device{Name: *in.VirtualMFADeviceName, Path: pathOr(in.Path), Seed: s.ids.Bytes(proof.SeedBytes), Created: moment(call), Tags: tags}
	if len(d.serial(call.Account)) > maxSerial {
		return nil, invalidInput("The serial number of the device would be longer than %d characters.", maxSerial)
	}
	picture, err := d.picture(call.Account)
	if err != nil {
		return nil, err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if _, err := devices.Get(tx, store.Scope{Account: call.Account}, devices.Key(d)); !errors.Is(err, store.ErrNotFound) {
			return cmp.Or(err, alreadyExists("MFADevice entity at the same path and name already exists."))
		}
		return devices.Put(tx, store.Scope{Account: call.Account}, d)
	})
	if err != nil {
		return nil, err
	}
	out := &types.VirtualMFADevice{SerialNumber: new(d.serial(call.Account)), Base32StringSeed: []byte(d.seedText()), QRCodePNG: picture}
	if len(tags) > 0 {
		out.Tags = tagList(tags)
	}
	return &iam.CreateVirtualMFADeviceOutput{VirtualMFADevice: out}, nil
}

func (s *Service) createVirtualMFADeviceChecks(ctx context.Context, in *iam.CreateVirtualMFADeviceInput) ([]api.Check, error) {
	resource := entityARN(api.CallFrom(ctx).Account, "mfa", pathOr(in.Path), *in.VirtualMFADeviceName)
	checks := []api.Check{withRequestTags(api.Check{Action: "iam:CreateVirtualMFADevice", Resource: resource}, in.Tags)}
	if len(in.Tags) > 0 {
		checks = append(checks, withRequestTags(api.Check{Action: "iam:TagMFADevice", Resource: resource}, in.Tags))
	}
	return checks, nil
}

// maxSerial is the longest serial number that other operations take.
const maxSerial = 256

// picture is the PNG of the QR code that an authenticator app reads (IAM API
// Reference, VirtualMFADevice).
func (d *device) picture(account string) ([]byte, error) {
	code, err := qr.Encode("otpauth://totp/"+url.PathEscape(d.Name)+"@"+account+"?secret="+d.seedText(), qr.M)
	if err != nil {
		return nil, fmt.Errorf("draw the QR code of %s: %w", d.Name, err)
	}
	return code.PNG(), nil
}
