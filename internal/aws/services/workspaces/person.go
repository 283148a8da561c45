package workspaces

import (
	"context"
	"errors"

	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// Coded finds the directory that a registration code or a connection alias leads
// to, in any account and Region; found is false when there is none.
func (s *Service) Coded(ctx context.Context, code string) (account, region, directoryID string, found bool, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		rows, err := directories.Everywhere(tx, "", "")
		for _, r := range rows {
			if r.Record.RegistrationCode == code {
				account, region, directoryID, found = r.Scope.Account, r.Scope.Region, r.Record.ID, true
			}
		}
		if err != nil || found {
			return err
		}
		sc, id, err := aliased(tx, code)
		account, region, directoryID, found = sc.Account, sc.Region, id, id != ""
		return err
	})
	return account, region, directoryID, found, err
}

// Own lists the desktops of a person.
func (s *Service) Own(ctx context.Context, p desktops.Person) ([]desktops.Own, error) {
	var out []desktops.Own
	err := s.store.View(ctx, func(tx *store.Tx) error {
		out = nil
		list, err := desktopTable.By(tx, scopeOfPerson(p), "user", userKey(p.DirectoryID, p.UserName), store.Page{})
		for _, d := range list {
			out = append(out, d.own())
		}
		return err
	})
	return out, err
}

// Belongs returns a desktop if it is the person's, and desktops.ErrNotFound if
// it is not, or is none.
func (s *Service) Belongs(ctx context.Context, p desktops.Person, id string) (own desktops.Own, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		d, err := desktopTable.Get(tx, scopeOfPerson(p), id)
		if errors.Is(err, store.ErrNotFound) || err == nil && userKey(d.DirectoryID, d.UserName) != userKey(p.DirectoryID, p.UserName) {
			return desktops.ErrNotFound
		}
		if err == nil {
			own = d.own()
		}
		return err
	})
	return own, err
}

func scopeOfPerson(p desktops.Person) store.Scope {
	return store.Scope{Account: p.Account, Region: p.Region}
}

func (d *Desktop) own() desktops.Own {
	o := desktops.Own{ID: d.ID, State: string(d.State)}
	if d.IPAddress != "" {
		o.Name = d.ComputerName
	}
	return o
}
