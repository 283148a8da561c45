package iam_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"image/png"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/internal/clock"
)

// authenticator is an app that holds a device's seed.
type authenticator struct {
	SerialNumber *string
	seed         []byte
	clk          *clock.Frozen
}

// code is what the app shows some steps from now (RFC 6238).
func (a authenticator) code(steps int64) *string {
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(a.clk.Now().Unix()/30+steps))
	h := hmac.New(sha1.New, a.seed)
	h.Write(counter[:])
	sum := h.Sum(nil)
	n := binary.BigEndian.Uint32(sum[sum[19]&15:]) & (1<<31 - 1)
	return aws.String(fmt.Sprintf("%06d", n%1000000))
}

func (r roleRoom) device(clk *clock.Frozen, name string) authenticator {
	r.t.Helper()
	out, err := r.CreateVirtualMFADevice(r.t.Context(), &sdk.CreateVirtualMFADeviceInput{VirtualMFADeviceName: &name})
	if err != nil {
		r.t.Fatal(err)
	}
	seed, err := base32.StdEncoding.DecodeString(string(out.VirtualMFADevice.Base32StringSeed))
	if err != nil || len(seed) < 20 {
		r.t.Fatalf("want a seed of 160 bits at least (RFC 4226), got %d bytes, %v", len(seed), err)
	}
	if _, err := png.Decode(bytes.NewReader(out.VirtualMFADevice.QRCodePNG)); err != nil {
		r.t.Errorf("the QR code is no picture: %v", err)
	}
	return authenticator{out.VirtualMFADevice.SerialNumber, seed, clk}
}

// enabled makes a device and gives it to a user, with the codes of the last
// two steps but one.
func (r roleRoom) enabled(clk *clock.Frozen, name, user string) authenticator {
	r.t.Helper()
	a := r.device(clk, name)
	r.done(r.EnableMFADevice(r.t.Context(), &sdk.EnableMFADeviceInput{
		UserName: &user, SerialNumber: a.SerialNumber, AuthenticationCode1: a.code(-2), AuthenticationCode2: a.code(-1),
	}))
	return a
}

func TestDevicesAreMadeAndEnabled(t *testing.T) {
	r, clk := openAt(t)
	ctx := t.Context()
	r.user("walker")
	a := r.device(clk, "phone")
	want(t, "serial", "arn:aws:iam::"+r.plane.Access().Account+":mfa/phone", *a.SerialNumber)
	enable := func(user string, first, second *string) (any, error) {
		return r.EnableMFADevice(ctx, &sdk.EnableMFADeviceInput{UserName: &user, SerialNumber: a.SerialNumber, AuthenticationCode1: first, AuthenticationCode2: second})
	}
	r.no("EntityAlreadyExists", "MFADevice entity at the same path and name already exists.")(r.CreateVirtualMFADevice(ctx, &sdk.CreateVirtualMFADeviceInput{VirtualMFADeviceName: aws.String("Phone")}))
	r.no("InvalidAuthenticationCode", "")(enable("walker", a.code(0), a.code(0)))
	r.no("NoSuchEntity", "The user with name nobody")(enable("nobody", a.code(-2), a.code(-1)))
	r.no("NoSuchEntity", "doesn't exist")(r.EnableMFADevice(ctx, &sdk.EnableMFADeviceInput{UserName: aws.String("walker"), SerialNumber: aws.String("GAHT12345678"), AuthenticationCode1: a.code(0), AuthenticationCode2: a.code(1)}))
	r.done(enable("walker", a.code(-2), a.code(-1)))
	r.no("EntityAlreadyExists", "already in use")(enable("administrator", a.code(0), a.code(1)))
	of, err := r.ListMFADevices(ctx, &sdk.ListMFADevicesInput{UserName: aws.String("walker")})
	r.done(of, err)
	want(t, "the user's device", *a.SerialNumber, *of.MFADevices[0].SerialNumber)
	got, err := r.GetMFADevice(ctx, &sdk.GetMFADeviceInput{SerialNumber: a.SerialNumber, UserName: aws.String("walker")})
	r.done(got, err)
	want(t, "its user", "walker", *got.UserName)

	r.no("NoSuchEntity", "MFA Device invalid for user.")(r.GetMFADevice(ctx, &sdk.GetMFADeviceInput{SerialNumber: a.SerialNumber}))
	r.no("NoSuchEntity", "MFA Device invalid for user.")(r.DeactivateMFADevice(ctx, &sdk.DeactivateMFADeviceInput{UserName: aws.String("administrator"), SerialNumber: a.SerialNumber}))
	r.no("NoSuchEntity", "nobody")(r.ListMFADevices(ctx, &sdk.ListMFADevicesInput{UserName: aws.String("nobody")}))
	r.no("DeleteConflict", "Must deactivate first")(r.DeleteVirtualMFADevice(ctx, &sdk.DeleteVirtualMFADeviceInput{SerialNumber: a.SerialNumber}))
	r.done(r.DeactivateMFADevice(ctx, &sdk.DeactivateMFADeviceInput{UserName: aws.String("walker"), SerialNumber: a.SerialNumber}))
	r.no("InvalidAuthenticationCode", "")(enable("walker", a.code(-2), a.code(-1))) // spent
	r.done(r.DeleteVirtualMFADevice(ctx, &sdk.DeleteVirtualMFADeviceInput{SerialNumber: a.SerialNumber}))
	r.no("NoSuchEntity", "doesn't exist")(r.DeleteVirtualMFADevice(ctx, &sdk.DeleteVirtualMFADeviceInput{SerialNumber: a.SerialNumber}))
	r.no("NoSuchEntity", *a.SerialNumber)(r.GetMFADevice(ctx, &sdk.GetMFADeviceInput{SerialNumber: a.SerialNumber}))
}

func TestVirtualDevicesAreListed(t *testing.T) {
	r, clk := openAt(t)
	ctx := t.Context()
	r.user("walker")
	r.enabled(clk, "phone", "walker")
	r.device(clk, "spare")
	for status, names := range map[types.AssignmentStatusType]string{"": "phone spare", "Any": "phone spare", "Assigned": "phone", "Unassigned": "spare"} {
		got := ""
		pages := sdk.NewListVirtualMFADevicesPaginator(r.Client, &sdk.ListVirtualMFADevicesInput{AssignmentStatus: status, MaxItems: aws.Int32(1)})
		for pages.HasMorePages() {
			out, err := pages.NextPage(ctx)
			r.done(out, err)
			for _, d := range out.VirtualMFADevices {
				if got != "" {
					got += " "
				}
				got += (*d.SerialNumber)[len("arn:aws:iam::111122223333:mfa/"):]
				if len(d.Base32StringSeed) > 0 || len(d.QRCodePNG) > 0 {
					t.Error("a list shows a seed")
				}
				if d.User != nil {
					want(t, "user of the device", "walker", *d.User.UserName)
				}
			}
		}
		want(t, "devices "+string(status), names, got)
	}
	r.no("ValidationError", "")(r.ListVirtualMFADevices(ctx, &sdk.ListVirtualMFADevicesInput{Marker: aws.String("made-up")}))
}

func TestTagsOfDevices(t *testing.T) {
	r, clk := openAt(t)
	ctx := t.Context()
	a := r.device(clk, "phone")
	tags := []types.Tag{{Key: aws.String("Floor"), Value: aws.String("second")}}
	r.done(r.TagMFADevice(ctx, &sdk.TagMFADeviceInput{SerialNumber: a.SerialNumber, Tags: tags}))
	got, err := r.ListMFADeviceTags(ctx, &sdk.ListMFADeviceTagsInput{SerialNumber: a.SerialNumber})
	r.done(got, err)
	want(t, "tag", "second", *got.Tags[0].Value)
	r.done(r.UntagMFADevice(ctx, &sdk.UntagMFADeviceInput{SerialNumber: a.SerialNumber, TagKeys: []string{"floor"}}))
	got, err = r.ListMFADeviceTags(ctx, &sdk.ListMFADeviceTagsInput{SerialNumber: a.SerialNumber})
	r.done(got, err)
	want(t, "tags left", 0, len(got.Tags))
	all, err := r.ListVirtualMFADevices(ctx, &sdk.ListVirtualMFADevicesInput{})
	r.done(all, err)
	want(t, "the device", *a.SerialNumber, *all.VirtualMFADevices[0].SerialNumber)
	for _, serial := range []string{"arn:aws:iam::" + r.plane.Access().Account + ":mfa/none", "GAHT12345678", "arn:aws:iam:::::/"} {
		r.no("NoSuchEntity", "doesn't exist")(r.TagMFADevice(ctx, &sdk.TagMFADeviceInput{SerialNumber: &serial, Tags: tags}))
		r.no("NoSuchEntity", "doesn't exist")(r.UntagMFADevice(ctx, &sdk.UntagMFADeviceInput{SerialNumber: &serial, TagKeys: []string{"x"}}))
		r.no("NoSuchEntity", "doesn't exist")(r.ListMFADeviceTags(ctx, &sdk.ListMFADeviceTagsInput{SerialNumber: &serial}))
	}
	r.no("AccessDenied", "")(r.ListMFADeviceTags(ctx, &sdk.ListMFADeviceTagsInput{SerialNumber: aws.String("arn:aws:iam::999988887777:mfa/phone")}))
}

// A session with a second factor wants a code of the caller's own device, once.
func TestCodesOpenSessionsOnce(t *testing.T) {
	r, clk := openAt(t)
	ctx := t.Context()
	a := r.enabled(clk, "phone", "administrator")
	token := func(code *string) (any, error) {
		return sts.NewFromConfig(r.plane.Config()).GetSessionToken(ctx, &sts.GetSessionTokenInput{SerialNumber: a.SerialNumber, TokenCode: code})
	}
	r.no("AccessDenied", "MultiFactorAuthentication failed")(token(a.code(-1))) // enabled with it
	r.done(token(a.code(0)))
	r.no("AccessDenied", "MultiFactorAuthentication failed")(token(a.code(0)))
	clk.Advance(30 * time.Second)
	r.no("AccessDenied", "MultiFactorAuthentication failed")(token(a.code(-1))) // older than one that was used, or the same
	r.done(token(a.code(0)))

	// The phone's clock runs away by two minutes.
	clk.Advance(30 * time.Second)
	r.no("AccessDenied", "MultiFactorAuthentication failed")(token(a.code(4)))
	resync := func(first, second *string) (any, error) {
		return r.ResyncMFADevice(ctx, &sdk.ResyncMFADeviceInput{UserName: aws.String("administrator"), SerialNumber: a.SerialNumber, AuthenticationCode1: first, AuthenticationCode2: second})
	}
	r.no("InvalidAuthenticationCode", "")(resync(a.code(4), a.code(6)))
	r.done(resync(a.code(4), a.code(5)))
	r.done(token(a.code(6)))

	mine, err := r.ListMFADevices(ctx, &sdk.ListMFADevicesInput{})
	r.done(mine, err)
	want(t, "the caller's devices", *a.SerialNumber, *mine.MFADevices[0].SerialNumber)
	other := r.device(clk, "tablet")
	r.no("AccessDenied", "MultiFactorAuthentication failed")(sts.NewFromConfig(r.plane.Config()).GetSessionToken(ctx, &sts.GetSessionTokenInput{SerialNumber: other.SerialNumber, TokenCode: other.code(0)}))
}
