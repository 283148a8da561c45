package directory

import "context"

// Connection is how a directory that somebody else keeps is reached.
type Connection struct {
	DirectoryID string
	Name        string   // corp.example.com
	DNS         []string // addresses that answer DNS for the name
	UserName    string   // of the service account
	Password    string   // secret: never logged
	// Keys are the public keys, as SHA-256 in hexadecimal, that its servers
	// showed when it was connected; none before.
	Keys []string
	// Authorities are certificates in PEM: where there are any, the servers are
	// asked over LDAPS only, and believed if one of them vouches for it.
	Authorities []string
}

// Remote is a directory that somebody else keeps: Active Directory or Samba.
// It is asked as the service account; the errors of all methods are those of
// Roster, a *Refusal when the service account may not, and ErrUnreachable.
type Remote interface {
	Roster
	// Probe looks whether the directory answers and takes the service account.
	Probe(ctx context.Context) (Domain, []string, error)
	// Prove proves a person by their password, as any client would, and returns
	// their account. A *Refusal says why not; ErrNoUser.
	Prove(ctx context.Context, name, password string) (Account, error)
	// Change gives a person a new password who knows the former one, expired or
	// not. A *Refusal says no to the former one, ErrWeakPassword to the new,
	// ErrTooSoon to both.
	Change(ctx context.Context, name, former, next string) error
}

// Remotes reaches such directories.
type Remotes interface {
	// Remote returns the directory of a connection. Nothing is connected yet.
	Remote(c Connection) Remote
	// Forget ends the connections to a directory.
	Forget(directoryID string)
}
