package connector

import (
	"context"
	"fmt"
	"strings"

	wire "github.com/go-ldap/ldap/v3"

	"tamachi/internal/directory"
)

// Change gives a person a new password. The service account asks, since whose
// password has expired cannot bind; the server wants the former one all the same
// (Microsoft, MS-ADTS 3.1.1.3.1.5.1 "unicodePwd": a change deletes the former
// value and adds the new).
func (r *Remote) Change(ctx context.Context, name, former, next string) error {
	if name == "" || former == "" {
		return directory.RefuseUnproved()
	}
	return r.with(ctx, func(conn *wire.Conn) error {
		e, err := r.named(conn, aUser, name, directory.ErrNoUser, "sAMAccountName")
		if err != nil {
			return err
		}
		m := wire.NewModifyRequest(e.DN, nil)
		m.Delete("unicodePwd", []string{quoted(former)})
		m.Add("unicodePwd", []string{quoted(next)})
		if err := conn.Modify(m); err != nil {
			return fmt.Errorf("change the password of %s: %w", name, unfit(err))
		}
		return nil
	})
}

// unfit says what a server has against a password. Windows gives an error number
// (0000052D is ERROR_PASSWORD_RESTRICTION, 00000056 ERROR_INVALID_PASSWORD);
// Samba adds words.
func unfit(err error) error {
	if !is(err, wire.LDAPResultConstraintViolation, wire.LDAPResultUnwillingToPerform, wire.LDAPResultInvalidCredentials) {
		return err
	}
	words := err.Error()
	if strings.Contains(words, "00000056") {
		return directory.Refuse(directory.WrongPassword)
	}
	if !strings.Contains(words, "0000052D") {
		return err
	}
	for _, known := range []struct {
		words string
		err   error
	}{
		{"too young", directory.ErrTooSoon},
		{"too short", &directory.WeakPasswordError{Why: directory.Short}},
		{"complexity", &directory.WeakPasswordError{Why: directory.FewKinds}},
		{"already used", &directory.WeakPasswordError{Why: directory.UsedOnce}},
	} {
		if strings.Contains(words, known.words) {
			return known.err
		}
	}
	return &directory.WeakPasswordError{Why: directory.Unfit}
}
