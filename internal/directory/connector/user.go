package connector

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	wire "github.com/go-ldap/ldap/v3"

	"tamachi/internal/directory"
)

// ListUsers returns one page of users.
func (r *Remote) ListUsers(ctx context.Context, q directory.Query) ([]directory.Account, error) {
	found, err := r.page(ctx, aUser+wanted(q), q.After, q.Limit)
	if err != nil {
		return nil, err
	}
	out := make([]directory.Account, len(found))
	for i, e := range found {
		if out[i], err = account(e); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// User returns one user.
func (r *Remote) User(ctx context.Context, name string) (a directory.Account, err error) {
	err = r.with(ctx, func(conn *wire.Conn) error {
		a, err = r.user(conn, name)
		return err
	})
	return a, err
}

func (r *Remote) user(conn *wire.Conn, name string) (directory.Account, error) {
	e, err := r.named(conn, aUser, name, directory.ErrNoUser, "*")
	if err != nil {
		return directory.Account{}, err
	}
	return account(e)
}

// AddUser makes a user, who is disabled until a password is set.
func (r *Remote) AddUser(ctx context.Context, a directory.Account) (made directory.Account, err error) {
	defer r.listings.forget()
	err = r.with(ctx, func(conn *wire.Conn) error {
		add := wire.NewAddRequest(directory.UserDN(a.SAMAccountName, r.c.Name), nil)
		add.Attribute("objectClass", []string{"top", "person", "organizationalPerson", "user"})
		add.Attribute("sAMAccountName", []string{a.SAMAccountName})
		add.Attribute("userPrincipalName", []string{r.principal(a.SAMAccountName)})
		add.Attribute("userAccountControl", []string{strconv.Itoa(normalAccount | accountDisable)})
		for name, value := range map[string]string{"givenName": a.GivenName, "sn": a.Surname, "mail": a.Email} {
			if value != "" {
				add.Attribute(name, []string{value})
			}
		}
		further(add, a.Attributes)
		if err := create(conn, add); err != nil {
			return err
		}
		made, err = r.user(conn, a.SAMAccountName)
		return err
	})
	return made, err
}

func further(add *wire.AddRequest, attributes map[string][]string) {
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if len(attributes[name]) > 0 {
			add.Attribute(name, attributes[name])
		}
	}
}

func create(conn *wire.Conn, add *wire.AddRequest) error {
	err := conn.Add(add)
	if is(err, wire.LDAPResultEntryAlreadyExists) {
		return fmt.Errorf("add %s: %w", add.DN, directory.ErrNameTaken)
	}
	return err
}

// ChangeUser changes attributes, all or none.
func (r *Remote) ChangeUser(ctx context.Context, name string, changes []directory.Change) error {
	defer r.listings.forget()
	return r.with(ctx, func(conn *wire.Conn) error {
		e, err := r.named(conn, aUser, name, directory.ErrNoUser, "*")
		if err != nil {
			return err
		}
		return modify(conn, e, changes, nil)
	})
}

// modify makes changes of one entry at once; more is put beside them. What
// would add to an attribute of one value is looked for before, since servers
// say that in different ways.
func modify(conn *wire.Conn, e *wire.Entry, changes []directory.Change, more map[string]string) error {
	m := wire.NewModifyRequest(e.DN, nil)
	for _, c := range changes {
		switch c.Kind {
		case directory.Add:
			m.Add(c.Attribute, c.Values)
		case directory.Replace:
			m.Replace(c.Attribute, c.Values)
		case directory.Remove:
			m.Delete(c.Attribute, c.Values)
		}
	}
	for name, value := range more {
		m.Replace(name, []string{value})
	}
	if len(m.Changes) == 0 {
		return nil
	}
	err := conn.Modify(m)
	switch {
	case is(err, wire.LDAPResultAttributeOrValueExists):
		return fmt.Errorf("change %s: %w", e.DN, directory.ErrHasValue)
	case is(err, wire.LDAPResultNoSuchAttribute):
		return fmt.Errorf("change %s: %w", e.DN, directory.ErrNoValue)
	case is(err, wire.LDAPResultConstraintViolation) && addsToOne(e, changes):
		return fmt.Errorf("change %s: %w", e.DN, directory.ErrHasValue)
	}
	return err
}

// addsToOne tells whether a change adds to an attribute that has a value.
func addsToOne(e *wire.Entry, changes []directory.Change) bool {
	return slices.ContainsFunc(changes, func(c directory.Change) bool {
		return c.Kind == directory.Add && len(e.GetAttributeValues(c.Attribute)) > 0
	})
}

// RemoveUser removes a user; the server takes them out of their groups.
func (r *Remote) RemoveUser(ctx context.Context, name string) error {
	return r.remove(ctx, aUser, name, directory.ErrNoUser)
}

func (r *Remote) remove(ctx context.Context, sort, name string, none error) error {
	defer r.listings.forget()
	return r.with(ctx, func(conn *wire.Conn) error {
		e, err := r.named(conn, sort, name, none, "sAMAccountName", "isCriticalSystemObject")
		if err != nil {
			return err
		}
		if strings.EqualFold(e.GetAttributeValue("isCriticalSystemObject"), "TRUE") {
			return fmt.Errorf("remove %s: %w", e.DN, directory.ErrProtected)
		}
		err = conn.Del(wire.NewDelRequest(e.DN, nil))
		if is(err, wire.LDAPResultUnwillingToPerform) {
			return fmt.Errorf("remove %s: %w", e.DN, directory.ErrProtected)
		}
		return err
	})
}

// Disable refuses the account's next bind.
func (r *Remote) Disable(ctx context.Context, name string) error {
	defer r.listings.forget()
	return r.with(ctx, func(conn *wire.Conn) error {
		e, control, err := r.controls(conn, name)
		if err != nil {
			return err
		}
		return modify(conn, e, nil, map[string]string{"userAccountControl": strconv.FormatInt(control|accountDisable, 10)})
	})
}

func (r *Remote) controls(conn *wire.Conn, name string) (e *wire.Entry, control int64, err error) {
	if e, err = r.named(conn, aUser, name, directory.ErrNoUser, "userAccountControl"); err != nil {
		return nil, 0, err
	}
	control, err = strconv.ParseInt(e.GetAttributeValue("userAccountControl"), 10, 64)
	return e, control, err
}

// Reset gives an account a password, enables and unlocks it.
func (r *Remote) Reset(ctx context.Context, name, password string) error {
	defer r.listings.forget()
	return r.with(ctx, func(conn *wire.Conn) error {
		e, control, err := r.controls(conn, name)
		if err != nil {
			return err
		}
		err = modify(conn, e, nil, map[string]string{
			"unicodePwd": quoted(password), "userAccountControl": strconv.FormatInt(control&^accountDisable, 10), "lockoutTime": "0",
		})
		if is(err, wire.LDAPResultConstraintViolation) || is(err, wire.LDAPResultUnwillingToPerform) && strings.Contains(err.Error(), "0000052D") {
			return fmt.Errorf("set the password of %s: %w", name, directory.ErrWeakPassword)
		}
		return err
	})
}

// quoted is a password as unicodePwd wants it (Microsoft, MS-ADTS 3.1.1.3.1.5.1).
func quoted(password string) string {
	var b []byte
	for _, c := range utf16.Encode([]rune(`"` + password + `"`)) {
		b = binary.LittleEndian.AppendUint16(b, c)
	}
	return string(b)
}
