package house

import (
	"context"
	"errors"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/iam"
	"tamachi/internal/aws/services/sts"
	"tamachi/internal/store"
)

// rolesAndKeys tells the sts room what the iam room knows. The two ask each
// other, so it is filled last.
type rolesAndKeys struct{ iam *iam.Service }

var (
	_ sts.Identities = (*rolesAndKeys)(nil)
	_ sts.MFA        = (*rolesAndKeys)(nil)
)

// Role returns a role.
func (r *rolesAndKeys) Role(ctx context.Context, account, name string) (sts.Role, error) {
	role, err := r.iam.Role(ctx, account, name)
	if errors.Is(err, iam.ErrNoRole) {
		err = sts.ErrNotThere
	}
	return sts.Role(role), err
}

// Managed returns the document of a managed policy.
func (r *rolesAndKeys) Managed(ctx context.Context, account, policyARN string) (string, error) {
	document, err := r.iam.Managed(ctx, account, policyARN)
	if errors.Is(err, iam.ErrNoPolicy) {
		err = sts.ErrNotThere
	}
	return document, err
}

// KeyAccount returns the account of a long-term key.
func (r *rolesAndKeys) KeyAccount(ctx context.Context, accessKeyID string) (string, error) {
	account, err := r.iam.KeyAccount(ctx, accessKeyID)
	if errors.Is(err, iam.ErrUnknownKey) {
		err = sts.ErrNotThere
	}
	return account, err
}

// Check verifies a code of a second factor.
func (r *rolesAndKeys) Check(ctx context.Context, c *api.Caller, serial, code string) error {
	return secondFactor(r.iam.CheckMFA(ctx, c, serial, code))
}

// Use verifies it again and uses it up.
func (r *rolesAndKeys) Use(tx *store.Tx, c *api.Caller, serial, code string) error {
	return secondFactor(r.iam.UseMFA(tx, c, serial, code))
}

func secondFactor(err error) error {
	switch {
	case errors.Is(err, iam.ErrNoDevice):
		return sts.ErrNoDevice
	case errors.Is(err, iam.ErrWrongCode):
		return sts.ErrWrongCode
	}
	return err
}
