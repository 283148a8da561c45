package workspaces

import (
	"context"
	"errors"
	"net/netip"

	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// Ports is what the room asks of the house.
type Ports struct {
	People      People
	Invitations Invitations // nil: nobody is told of their desktop
	// Networks may be nil: then subnets are names only.
	Networks Networks
	Guises   Guises
	// Strict makes AWS's quotas and waiting times hold.
	Strict Strict
	// LogoURL is where a browser fetches a logo.
	LogoURL func(name string) string
	// NoGPU is a clause that says why no desktop has a GPU; it may be nil.
	NoGPU func() string
	// Events may be nil: then nobody is told of what happens.
	Events Events
}

// Events takes what happens over in the transaction that it tells of. The room
// eventbridge does.
type Events interface {
	Emit(tx *store.Tx, sc store.Scope, o api.Occurrence) error
}

// Invitations tell people of their desktops.
type Invitations interface {
	// Invite asks for the invitation to a desktop that is ready.
	Invite(tx *store.Tx, sc store.Scope, n desktops.Newcomer) error
	// Withdraw ends the invitation to a desktop that is gone; one that was never
	// made is no error.
	Withdraw(tx *store.Tx, sc store.Scope, workspaceID string) error
}

// Guises tell what desktops carry out of what is said of their users.
type Guises interface {
	// Dresses tells whether desktops carry it out here.
	Dresses() bool
}

// Networks are the customer's networks, in the transaction of the call.
type Networks interface {
	// Enroll finds the security group of the desktops of a directory, or makes
	// it; "" for subnets that are not there.
	Enroll(tx *store.Tx, sc store.Scope, directoryID string, subnets []string) (group string, err error)
	// Disband deletes the group that Enroll made; one that is needed still, or is
	// gone, is left.
	Disband(tx *store.Tx, sc store.Scope, group string) error
	// GroupIn tells whether a security group is in the network of the subnets.
	GroupIn(tx *store.Tx, sc store.Scope, group string, subnets []string) (bool, error)
	// Blocks are the ranges of the networks of a scope.
	Blocks(tx *store.Tx, sc store.Scope) ([]netip.Prefix, error)
	// Block is the range of a subnet; not valid for one that is not there.
	Block(tx *store.Tx, sc store.Scope, subnet string) (netip.Prefix, error)
}

// People are the directories with their users, read and written in the
// transaction of the call, so that a user who is refused was not there and a
// registration and its account are one.
type People interface {
	// Directory returns a directory of the scope, or ErrNoDirectory.
	Directory(tx *store.Tx, sc store.Scope, directoryID string) (DirectoryFacts, error)
	// User finds a user by name in any case and returns the name as the
	// directory writes it; found is false when there is none.
	User(tx *store.Tx, sc store.Scope, directoryID, name string) (written string, found bool, err error)
	// Elsewhere asks a directory that the plane only connects to for users, by
	// name in any case; it is asked before the transaction, since it is on the
	// network. ok is false for a directory of the plane's own, for which User is
	// asked. ErrAway when it does not answer.
	Elsewhere(ctx context.Context, sc store.Scope, directoryID string, names []string) (written map[string]string, ok bool, err error)
	// Employ makes the account in the directory, enabled, with a new random
	// password that the directory keeps as its service credential. One of an
	// earlier registration stays as it is.
	Employ(tx *store.Tx, sc store.Scope, directoryID, account string) error
	// Dismiss removes the account that Employ made and the directory's service
	// credential. What is gone already is no error.
	Dismiss(tx *store.Tx, sc store.Scope, directoryID string) error
}

// DirectoryFacts are what a registration shows of its directory.
type DirectoryFacts struct {
	Name      string // corp.example.com
	Alias     string
	Type      string // of WorkSpaces: SIMPLE_AD, AD_CONNECTOR
	UserName  string // of the service account of a connected directory; "" for the plane's own
	Active    bool
	DNS       []string // IP addresses
	SubnetIDs []string
}

// ErrAway reports a directory that does not answer.
var ErrAway = errors.New("the directory does not answer")

// ErrNoDirectory reports a directory that is not there.
var ErrNoDirectory = errors.New("no such directory")
