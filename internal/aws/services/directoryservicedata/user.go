package directoryservicedata

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// user is an account of a directory.
type user struct {
	DirectoryID string               `json:"directoryId"`
	Name        string               `json:"name"` // sAMAccountName, in the case it was created with
	GivenName   string               `json:"givenName,omitempty"`
	Surname     string               `json:"surname,omitempty"`
	Email       string               `json:"email,omitempty"`
	SID         string               `json:"sid"`
	Enabled     bool                 `json:"enabled"`
	Password    string               `json:"password,omitempty"` // sealed; empty until one is set
	Former      []string             `json:"former,omitempty"`   // sealed passwords of before, the latest first
	PasswordSet time.Time            `json:"passwordSet,omitzero"`
	MustChange  bool                 `json:"mustChange,omitempty"` // at the next sign-in
	Lasting     bool                 `json:"lasting,omitempty"`    // the password does not expire
	Attributes  map[string]attribute `json:"attributes,omitempty"`
	Created     time.Time            `json:"created"`
}

// users are found by name without regard to case, as Active Directory has it.
var users = store.Table[user]{
	Name:  "directoryservicedata.users",
	Reach: store.Regional,
	Key:   func(u *user) string { return userKey(u.DirectoryID, u.Name) },
	Indexes: map[string]func(*user) string{
		"directory": func(u *user) string { return u.DirectoryID },
	},
}

// userKey orders users by directory and name. A name of this service is of
// letters, digits, dots, hyphens and underscores (the model's UserName).
func userKey(directoryID, name string) string { return directoryID + "/" + fold(name) }

// fold makes names comparable without regard to case.
func fold(name string) string { return strings.ToLower(name) }

// counter numbers the accounts of a directory. A number is never used twice,
// so that a new account cannot inherit what an old one was given.
type counter struct {
	DirectoryID string `json:"directoryId"`
	Next        int    `json:"next"`
}

var counters = store.Table[counter]{
	Name:  "directoryservicedata.counters",
	Reach: store.Regional,
	Key:   func(c *counter) string { return c.DirectoryID },
}

// The relative identifiers of accounts. Source: Microsoft, MS-DTYP 2.4.2.4
// "Well-Known SID Structures"; ordinary accounts begin at 1000, and the first
// hundred are those of the domain controller's own.
const (
	administratorRID = 500
	firstRID         = 1103
)

// draw takes the next relative identifier of a directory.
func draw(tx *store.Tx, sc store.Scope, directoryID string) (int, error) {
	c, err := counters.Get(tx, sc, directoryID)
	if errors.Is(err, store.ErrNotFound) {
		c, err = &counter{DirectoryID: directoryID, Next: firstRID}, nil
	}
	if err != nil {
		return 0, err
	}
	rid := c.Next
	c.Next++
	return rid, counters.Put(tx, sc, c)
}

// find returns a user, directory.ErrNoUser if there is none of that name. A
// name that could not be a user's is none.
func find(tx *store.Tx, sc store.Scope, directoryID, name string) (*user, error) {
	if !plain(name) {
		return nil, fmt.Errorf("user %q of %s: %w", name, directoryID, directory.ErrNoUser)
	}
	u, err := users.Get(tx, sc, userKey(directoryID, name))
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("user %q of %s: %w", name, directoryID, directory.ErrNoUser)
	}
	return u, err
}

// plain tells whether a name may be an account's: LDAP clients send anything.
func plain(name string) bool {
	for _, r := range name {
		if r < '!' || r > '~' || r == '/' {
			return false
		}
	}
	return name != ""
}

// insert gives a new user its relative identifier, the next one if rid is 0,
// and stores it; directory.ErrNameTaken if the name is.
func insert(tx *store.Tx, sc store.Scope, d directory.Domain, u *user, rid int) error {
	if err := free(tx, sc, d.ID, u.Name); err != nil {
		return err
	}
	if rid == 0 {
		var err error
		if rid, err = draw(tx, sc, d.ID); err != nil {
			return err
		}
	}
	u.SID = fmt.Sprintf("%s-%d", d.SID, rid)
	return users.Put(tx, sc, u)
}

// account is a user as the directory server shows it.
func (u *user) account(d directory.Domain) directory.Account {
	a := directory.Account{
		SAMAccountName: u.Name, GivenName: u.GivenName, Surname: u.Surname, Email: u.Email,
		Enabled: u.Enabled, SID: u.SID, DN: directory.UserDN(u.Name, d.Name), PasswordSet: u.PasswordSet,
	}
	a.Attributes = shown(u.Attributes)
	return a
}

// take gives a user the attributes of an account.
func (u *user) take(a directory.Account) {
	u.GivenName, u.Surname, u.Email = a.GivenName, a.Surname, a.Email
	u.Attributes = ofUsers.stored(a.Attributes)
}

// disable keeps the account and refuses its next bind.
func (u *user) disable() { u.Enabled = false }

// setPassword gives the account a sealed password and enables it, as AWS's
// ResetUserPassword does. The former one is remembered.
func (u *user) setPassword(sealed string, now time.Time, history int) {
	if u.Password != "" {
		u.Former = append([]string{u.Password}, u.Former...)
	}
	u.Former = u.Former[:min(len(u.Former), max(history-1, 0))]
	u.Password, u.PasswordSet, u.Enabled, u.MustChange = sealed, now, true, false
}
