package desktops

import (
	"errors"
	"time"
)

// ErrNoRole says that somebody may not have a role, or that there is none.
var ErrNoRole = errors.New("no such role for this person")

// RoleKey is credentials of a role, for a while.
type RoleKey struct {
	AccessKeyID     string
	SecretAccessKey string // secret, as the token is
	SessionToken    string
	Region          string // of the person's directory
	Expires         time.Time
}
