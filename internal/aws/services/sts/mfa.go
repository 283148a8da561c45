package sts

import (
	"context"
	"errors"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// factor is the second factor of a call; it is empty when none was given.
type factor struct{ serial, code *string }

func (f factor) given() bool { return f.serial != nil || f.code != nil }

// check verifies the code without using it up.
func (f factor) check(ctx context.Context, m MFA) error {
	if !f.given() {
		return nil
	}
	if f.serial == nil || f.code == nil {
		return accessDenied("MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.")
	}
	return refusedCode(m.Check(ctx, &api.CallFrom(ctx).Caller, *f.serial, *f.code))
}

// use returns what uses the code up, nil when there is none.
func (f factor) use(ctx context.Context, m MFA) func(*store.Tx) error {
	if !f.given() {
		return nil
	}
	return func(tx *store.Tx) error {
		return refusedCode(m.Use(tx, &api.CallFrom(ctx).Caller, *f.serial, *f.code))
	}
}

func refusedCode(err error) error {
	switch {
	case errors.Is(err, ErrWrongCode):
		return accessDenied("MultiFactorAuthentication failed with invalid MFA one time pass code. ")
	case errors.Is(err, ErrNoDevice):
		return accessDenied("MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.")
	}
	return err
}
