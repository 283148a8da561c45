package sts

import (
	"context"
	"errors"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Ports is what the room asks of the house.
type Ports struct {
	Identities Identities
	MFA        MFA
	Messages   Messages
}

// Messages opens the encoded messages of denials. The house seals them.
type Messages interface {
	// Open returns the message of a call of an account; ok is false for anything
	// that is none.
	Open(account, sealed string) (message []byte, ok bool)
}

// Identities knows roles, managed policies and long-term keys. The iam room is
// one.
type Identities interface {
	// Role returns a role by its name, or ErrNotThere.
	Role(ctx context.Context, account, name string) (Role, error)
	// Managed returns the text of the default version of a managed policy that
	// the account may use, or ErrNotThere.
	Managed(ctx context.Context, account, policyARN string) (string, error)
	// KeyAccount returns the account of a long-term key, or ErrNotThere.
	KeyAccount(ctx context.Context, accessKeyID string) (string, error)
}

// ErrNotThere reports a role, policy or key that does not exist.
var ErrNotThere = errors.New("not there")

// Role is what the room needs of a role.
type Role struct {
	ID, ARN, Name string
	Trust         string // the trust policy
	MaxSession    time.Duration
	Tags          map[string]string
}

// MFA checks the codes of second factors. The iam room is one.
type MFA interface {
	// Check tells whether a code of the caller's device is good now.
	Check(ctx context.Context, c *api.Caller, serial, code string) error
	// Use checks it again and uses it up, in the transaction that makes the
	// session.
	Use(tx *store.Tx, c *api.Caller, serial, code string) error
}

// What MFA answers; anything else is a fault of ours.
var (
	ErrWrongCode = errors.New("the code is wrong, or was used before")
	ErrNoDevice  = errors.New("no such device of this user")
)
