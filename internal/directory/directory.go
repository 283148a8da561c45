// Package directory is the vocabulary of directories: how the plane asks a
// directory server whether an account may join desktops, and who is in it.
// Providers live below this folder; each passes the suite in directorytest.
package directory

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Server is a directory that answers LDAP (RFC 4511).
type Server interface {
	// Bind proves an account with its password, over the network as any
	// client would. It returns a *Refusal when the server says no and
	// ErrUnreachable when it does not answer.
	Bind(ctx context.Context, c Credentials) error
	// Find looks an account up by its sAMAccountName after binding as c;
	// ErrNoUser when there is none.
	Find(ctx context.Context, c Credentials, name string) (Entry, error)
	// Secure looks whether a directory answers with TLS by a certificate that one
	// of the authorities, in PEM, vouches for; ErrUnreachable.
	Secure(ctx context.Context, directoryID string, authorities []string) error
}

// Credentials name an account of one directory.
type Credentials struct {
	DirectoryID string // d-...
	Domain      string // corp.example.com
	UserName    string // sAMAccountName
	Password    string // secret: never logged
	// Authorities are certificates in PEM: where there are any, the server is asked
	// over TLS only, and believed if one of them vouches for it.
	Authorities []string
}

// Entry is an account as a search shows it.
type Entry struct {
	DN                string
	SAMAccountName    string
	UserPrincipalName string
	Enabled           bool
}

// The errors of a directory.
var (
	ErrUnreachable = errors.New("the directory does not answer")
	ErrNoUser      = errors.New("no such user in the directory")
	ErrNoDirectory = errors.New("no such directory")
	// ErrCodeNeeded says that the password is right and a code of the second
	// factor must come with it; ErrWrongCode that the code was not right, was
	// used before, or that too many were wrong.
	ErrCodeNeeded = errors.New("a code of the second factor is needed")
	ErrWrongCode  = errors.New("the code is wrong, or was used before")
	// ErrFactorNeeded says that the password is right and that the directory
	// wants a second factor, which the person has not got yet.
	ErrFactorNeeded = errors.New("the directory wants a second factor")
	// ErrHasFactor reports a person who has a second factor already, ErrNoFactor
	// one who has none.
	ErrHasFactor = errors.New("the user has a second factor already")
	ErrNoFactor  = errors.New("the user has no second factor")
)

// Accounts is what an embedded directory server asks of the house: the
// directories and the accounts it serves. Directory ids are unique in the
// whole plane; user names are compared without regard to case.
type Accounts interface {
	// Directory returns the names of a directory, ErrNoDirectory if it is
	// not there (any more).
	Directory(ctx context.Context, directoryID string) (Domain, error)
	// Verify checks a password and reports the account's standing.
	Verify(ctx context.Context, directoryID, userName, password string) (Standing, error)
	// Lookup returns one account, ErrNoUser if there is none.
	Lookup(ctx context.Context, directoryID, userName string) (Account, error)
	// List returns up to limit accounts after the given name, in order.
	List(ctx context.Context, directoryID, after string, limit int) ([]Account, error)
	// LookupGroup returns one group, ErrNoGroup if there is none.
	LookupGroup(ctx context.Context, directoryID, groupName string) (Group, error)
	// Groups returns up to limit groups after the given name, in order.
	Groups(ctx context.Context, directoryID, after string, limit int) ([]Group, error)
}

// Domain is how a directory calls itself.
type Domain struct {
	ID        string // d-...
	Name      string // corp.example.com
	ShortName string // CORP, the NetBIOS name
	SID       string // S-1-5-21-..., of which each account's SID is made
}

// Facts is what other parts of the plane may know of a directory.
type Facts struct {
	Domain
	Type      string   // SimpleAD
	Alias     string   // of its addresses; its id when it has no other
	Stage     string   // Active: the directory's own health
	VPCID     string   // "" when none was given
	SubnetIDs []string // as given at creation
	DNS       []string // addresses that answer DNS for the domain, of a connected directory
	UserName  string   // of the service account of a connected directory
}

// Standing is the outcome of a password check.
type Standing int

// The outcomes. Whoever does not know the password of a disabled account learns
// WrongPassword, as from Active Directory.
const (
	Good Standing = iota + 1
	Unknown
	WrongPassword
	Disabled
	Locked     // after too many failures, whatever the password
	Expired    // the password is right and too old
	MustChange // the password is right and is to be changed first
)

// Account is a person or service account of a directory.
type Account struct {
	SAMAccountName string
	GivenName      string
	Surname        string
	Email          string
	Enabled        bool
	SID            string
	DN             string              // "" = that of UserDN
	MemberOf       []string            // names of its groups, direct ones; filled for the directory server
	PasswordSet    time.Time           // zero = never, or not known
	Locked         bool                // for now, after too many failures; filled for the directory server
	Attributes     map[string][]string // further LDAP attributes
}

// SignIn is how a person stands who wants to sign in.
type SignIn struct {
	UserName    string
	Enabled     bool
	Locked      bool      // for now, after too many failures
	PasswordSet time.Time // zero = never, or not known
	Service     bool      // it is the account by which desktops join, and no person
	Factor      Factor
	FactorSince time.Time // of one that counts
}

// Factor is how a person's second factor stands.
type Factor string

// The second factors.
const (
	NoFactor        Factor = "NONE"
	BegunFactor     Factor = "BEGUN" // shown to an app, and not confirmed by a code
	ConfirmedFactor Factor = "CONFIRMED"
)

// Values are those of an LDAP attribute, by its name in any case.
func (a Account) Values(name string) []string {
	own := map[string]string{
		"samaccountname": a.SAMAccountName, "givenname": a.GivenName, "sn": a.Surname, "mail": a.Email,
	}
	return valuesOf(own, a.Attributes, name)
}

// Values are those of an LDAP attribute, by its name in any case.
func (g Group) Values(name string) []string {
	return valuesOf(map[string]string{"samaccountname": g.SAMAccountName}, g.Attributes, name)
}

func valuesOf(own map[string]string, further map[string][]string, name string) []string {
	if v, ok := own[strings.ToLower(name)]; ok {
		if v == "" {
			return nil
		}
		return []string{v}
	}
	for known, values := range further {
		if strings.EqualFold(known, name) {
			return values
		}
	}
	return nil
}

// Matches tells whether an object whose values are given is one that a query
// looks for.
func (q Query) Matches(values func(attribute string) []string) bool {
	if len(q.Attributes) == 0 {
		return true
	}
	for _, a := range q.Attributes {
		if index(values(a), q.Value) >= 0 {
			return true
		}
	}
	return false
}
