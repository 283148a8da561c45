package directoryservice

import (
	"context"
	"errors"
	"fmt"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// Domain returns a directory of a scope, directory.ErrNoDirectory if there is
// none of that id.
func (s *Service) Domain(tx *store.Tx, sc store.Scope, directoryID string) (directory.Domain, error) {
	r, err := find(tx, sc, directoryID)
	if err != nil {
		return directory.Domain{}, err
	}
	return r.domain(), nil
}

// Book returns a directory of a scope for those who ask for its people,
// directory.ErrNoDirectory if there is none of that id: the port of
// directoryservicedata.
func (s *Service) Book(tx *store.Tx, sc store.Scope, directoryID string) (directory.Book, error) {
	r, err := find(tx, sc, directoryID)
	if err != nil {
		return directory.Book{}, err
	}
	b := directory.Book{Domain: r.domain(), Closed: r.Closed}
	if r.Connect != nil {
		b.Roster, err = s.remote(r)
	}
	return b, err
}

// Locate returns a directory of the plane and where it is: the port of
// directoryservicedata for the directory server.
func (s *Service) Locate(tx *store.Tx, directoryID string) (store.Scope, directory.Domain, error) {
	rows, err := directories.Everywhere(tx, "id", directoryID)
	if err != nil {
		return store.Scope{}, directory.Domain{}, err
	}
	if len(rows) != 1 || rows[0].Record.Connect != nil { // a customer's own server answers for it
		return store.Scope{}, directory.Domain{}, fmt.Errorf("directory %s: %w", directoryID, directory.ErrNoDirectory)
	}
	return rows[0].Scope, rows[0].Record.domain(), nil
}

// Facts returns what other rooms may know of a directory of a scope,
// directory.ErrNoDirectory if there is none of that id.
func (s *Service) Facts(ctx context.Context, sc store.Scope, directoryID string) (directory.Facts, error) {
	var out directory.Facts
	err := s.st.View(ctx, func(tx *store.Tx) error {
		var err error
		out, err = s.FactsIn(tx, sc, directoryID)
		return err
	})
	return out, err
}

// FactsIn is Facts within a transaction.
func (s *Service) FactsIn(tx *store.Tx, sc store.Scope, directoryID string) (directory.Facts, error) {
	r, err := find(tx, sc, directoryID)
	if err != nil {
		return directory.Facts{}, err
	}
	var dns []string
	user := ""
	if r.Connect != nil {
		dns, user = r.Connect.DNS, r.Connect.UserName
	}
	return directory.Facts{
		DNS: dns, UserName: user, Domain: r.domain(), Type: string(r.kind()), Alias: r.alias(), Stage: r.Stage, VPCID: r.VPCID, SubnetIDs: r.SubnetIDs,
	}, nil
}

// MakeServiceAccount makes the account by which desktops join a directory, with
// a random password, and keeps that as the directory's service credential; it
// is called when the directory is registered. An account of that name that is
// there already gets the new password and is enabled.
func (s *Service) MakeServiceAccount(tx *store.Tx, sc store.Scope, directoryID, name string) error {
	r, err := find(tx, sc, directoryID)
	if err != nil {
		return err
	}
	if r.Connect != nil { // it was given one
		return credentials.Put(tx, sc, &credential{DirectoryID: directoryID, UserName: r.Connect.UserName})
	}
	c, password := &credential{DirectoryID: directoryID, UserName: name}, s.invent()
	if err := s.keep(c, password); err != nil {
		return fmt.Errorf("keep the password of %s: %w", name, err)
	}
	sealed := s.ports.Users.SealRandom(password)
	err = s.ports.Users.SetPassword(tx, sc, directoryID, name, sealed)
	if errors.Is(err, directory.ErrNoUser) {
		err = s.ports.Users.Enrol(tx, sc, r.domain(), name, sealed)
	}
	if err != nil {
		return fmt.Errorf("make the account %s: %w", name, err)
	}
	return credentials.Put(tx, sc, c)
}

// RemoveServiceAccount removes the account that MakeServiceAccount made and the
// directory's service credential; it is called when the directory is
// deregistered. What is gone already is no error.
func (s *Service) RemoveServiceAccount(tx *store.Tx, sc store.Scope, directoryID string) error {
	c, err := credentials.Get(tx, sc, directoryID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(c.Sealed) == 0 { // the customer's account
		return credentials.Delete(tx, sc, directoryID)
	}
	err = s.ports.Users.Remove(tx, sc, directoryID, c.UserName)
	if err != nil && !errors.Is(err, directory.ErrNoUser) {
		return fmt.Errorf("remove the account %s: %w", c.UserName, err)
	}
	return credentials.Delete(tx, sc, directoryID)
}

// Join binds to a directory of a scope as its service account, with the stored
// password, over the network: what each new desktop does. The error says why
// not; errors.As finds the *directory.Refusal, errors.Is
// directory.ErrUnreachable and directory.ErrNoDirectory.
func (s *Service) Join(ctx context.Context, sc store.Scope, directoryID string) error {
	var r *record
	var c *credential
	var password string
	err := s.st.View(ctx, func(tx *store.Tx) error {
		var err error
		if r, err = find(tx, sc, directoryID); err != nil {
			return err
		}
		if c, err = credentialOf(tx, sc, directoryID); err != nil || r.Connect != nil {
			return err
		}
		password, err = s.open(c)
		return err
	})
	if err != nil {
		return err
	}
	if r.Connect != nil {
		return s.joinRemote(ctx, r)
	}
	err = s.ports.Server.Bind(ctx, directory.Credentials{
		DirectoryID: r.ID, Domain: r.Name, UserName: c.UserName, Password: password, Authorities: r.trusted(),
	})
	var refusal *directory.Refusal
	switch {
	case errors.As(err, &refusal):
		return fmt.Errorf("bind as %s refused: %w", c.UserName, refusal)
	case err != nil:
		return fmt.Errorf("bind as %s: %w", c.UserName, err)
	}
	return nil
}
