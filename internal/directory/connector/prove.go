package connector

import (
	"context"
	"fmt"

	wire "github.com/go-ldap/ldap/v3"

	"tamachi/internal/directory"
)

// Prove proves a person by their password, on a connection of its own.
func (r *Remote) Prove(ctx context.Context, name, password string) (a directory.Account, err error) {
	if name == "" || password == "" {
		return a, directory.RefuseUnproved()
	}
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	conn, err := r.dial(ctx, nil)
	if err != nil {
		return a, err
	}
	defer conn.Close()
	err = r.during(ctx, conn, func(conn *wire.Conn) error {
		if err := conn.Bind(r.principal(name), password); err != nil {
			return err
		}
		// The name may be that of one account and, by its user principal name,
		// belong to another, who then has been proved. Two is nobody.
		found, err := r.search(conn, aUser+"(|"+equals("sAMAccountName", name)+equals("userPrincipalName", r.principal(name))+")", "*")
		if err != nil {
			return err
		}
		if len(found) != 1 {
			return fmt.Errorf("search %s for %q: %w", r.c.Name, name, directory.ErrNoUser)
		}
		a, err = account(found[0])
		return err
	})
	if err = meaning(err); err != nil {
		return directory.Account{}, fmt.Errorf("prove %q of %s: %w", name, r.c.Name, err)
	}
	return a, nil
}
