package iam

import (
	"context"
	"encoding/base32"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// device is a virtual MFA device: a seed that the plane and an authenticator
// app share.
type device struct {
	Name    string
	Path    string
	Seed    []byte
	Created time.Time
	Tags    map[string]string
	User    string    // the id of the user it is enabled for; empty for none
	Enabled time.Time // when it was
	Step    int64     // time step of the last accepted code
	Drift   int64     // steps that the device's clock is ahead of ours
}

var devices = store.Table[device]{
	Name:    "iam.devices",
	Reach:   store.Account,
	Key:     func(d *device) string { return strings.ToLower(d.Path + d.Name) },
	Indexes: map[string]func(*device) string{"user": func(d *device) string { return d.User }},
}

// maxDevices is how many MFA devices a user may have.
const maxDevices = 8

func (d *device) serial(account string) string { return entityARN(account, "mfa", d.Path, d.Name) }

// seedText is the seed as people type it.
func (d *device) seedText() string { return base32.StdEncoding.EncodeToString(d.Seed) }

// parseSerial reads the serial number of a virtual device, which is its ARN,
// and returns path and name as one.
func parseSerial(serial string) (account, resource string, ok bool) {
	a, err := arn.Parse(serial)
	if err != nil || a.Partition != "aws" || a.Service != "iam" || a.Region != "" || a.Account == "" {
		return "", "", false
	}
	rest, found := strings.CutPrefix(a.Resource, "mfa/")
	if !found || rest == "" || strings.HasSuffix(rest, "/") {
		return "", "", false
	}
	return a.Account, "/" + rest, true
}

// findDevice finds a device of the account by its serial number, or answers
// NoSuchEntity.
func findDevice(tx *store.Tx, sc store.Scope, serial string) (*device, error) {
	account, resource, ok := parseSerial(serial)
	err := store.ErrNotFound
	var d *device
	if ok && account == sc.Account {
		d, err = devices.Get(tx, sc, strings.ToLower(resource))
	}
	return d, orNoSuch(err, "VirtualMFADevice with serial number %s doesn't exist.", serial)
}

// deviceOf finds a device that is enabled for a user.
func deviceOf(tx *store.Tx, sc store.Scope, u *user, serial string) (*device, error) {
	d, err := findDevice(tx, sc, serial)
	if err != nil {
		return nil, err
	}
	if d.User != u.ID {
		return nil, noSuch("MFA Device invalid for user.")
	}
	return d, nil
}

// devicesOf lists the devices of a user.
func devicesOf(tx *store.Tx, sc store.Scope, userID string) ([]*device, error) {
	return devices.By(tx, sc, "user", userID, store.Page{})
}

// checkDevice is a check on a device: the one that is there, else what its
// serial number says.
func (s *Service) checkDevice(ctx context.Context, action, serial string) (api.Check, error) {
	c := api.Check{Action: action, Resource: "*"}
	if _, _, ok := parseSerial(serial); ok {
		c.Resource = serial
	}
	call := api.CallFrom(ctx)
	err := s.store.View(ctx, func(tx *store.Tx) error {
		d, err := findDevice(tx, store.Scope{Account: call.Account}, serial)
		if _, none := errors.AsType[*types.NoSuchEntityException](err); none {
			return nil
		}
		if err == nil {
			c.Resource = d.serial(call.Account)
			c = withTags(c, d.Tags)
		}
		return err
	})
	return c, err
}

// errInvalidCode is the answer to wrong or used codes.
func errInvalidCode() error {
	return &types.InvalidAuthenticationCodeException{Message: new("Authentication code for device is not valid.")}
}
