package desktops

import "time"

// Newcomer is a person whose desktop is ready: what the invitation to it says.
type Newcomer struct {
	WorkspaceID      string
	DirectoryID      string
	UserName         string // as the directory writes it
	RegistrationCode string
	State            string // the WorkSpace's state, in AWS's word
}

// Guest is who holds the one-time link of an invitation.
type Guest struct {
	Account, Region  string
	UserName         string
	RegistrationCode string
	Expires          time.Time // of the link
}

// WeakPasswordError says why a chosen password will not do, by a word of
// directory.Shortcoming.
type WeakPasswordError struct{ Why string }

// Error is the reason.
func (e *WeakPasswordError) Error() string { return e.Why }
