package directoryservice

import (
	"context"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// Ports is what the room asks of the house.
type Ports struct {
	Users    Users
	Server   directory.Server // asked by Join and Prove, over the network
	Box      Box
	Remotes  directory.Remotes // directories that customers keep
	Codes    directory.SecondFactors
	Networks Networks
}

// Networks are the customer's networks, in the transaction of the call.
type Networks interface {
	// Site tells in which network and Availability Zone a subnet is; both are
	// empty for one that is not there.
	Site(tx *store.Tx, sc store.Scope, subnet string) (vpc, zone string, err error)
}

// Box seals secrets that are needed again as they were: those of second factors,
// the passwords of service accounts; seal.Box does.
type Box interface {
	Seal(purpose string, secret []byte) ([]byte, error)
	Open(purpose string, sealed []byte) ([]byte, error)
	Old() []string
}

// Users keeps the accounts of all directories.
type Users interface {
	// Seal makes the form in which a password is kept. It is slow on purpose
	// and needs no transaction.
	Seal(ctx context.Context, password string) (string, error)
	// SealRandom does so for a password that nobody can guess, quickly.
	SealRandom(password string) string
	// Enrol makes an enabled account; directory.ErrNameTaken if the name is
	// taken.
	Enrol(tx *store.Tx, sc store.Scope, d directory.Domain, name, sealed string) error
	// SetPassword gives an account a password and enables it;
	// directory.ErrNoUser if there is none of that name, in any case.
	SetPassword(tx *store.Tx, sc store.Scope, directoryID, name, sealed string) error
	// Verify checks a password and reports the account's standing.
	Verify(ctx context.Context, directoryID, userName, password string) (directory.Standing, error)
	// Lookup returns one account, directory.ErrNoUser if there is none.
	Lookup(ctx context.Context, directoryID, userName string) (directory.Account, error)
	// ChangePassword gives an account a password that its owner chose, who
	// proves the former one; directory.ErrWeakPassword, directory.ErrTooSoon.
	ChangePassword(ctx context.Context, directoryID, userName, former, next string) error
	// Remove removes an account; directory.ErrNoUser if there is none of that
	// name, in any case.
	Remove(tx *store.Tx, sc store.Scope, directoryID, name string) error
	// Dismiss removes all accounts of a directory.
	Dismiss(tx *store.Tx, sc store.Scope, directoryID string) error
}
