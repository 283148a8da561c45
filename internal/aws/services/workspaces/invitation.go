package workspaces

import (
	"context"
	"errors"

	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// invite asks for the invitation of the desktop's user when the desktop is
// ready for the first time, in the same transaction.
func (s *Service) invite(tx *store.Tx, sc store.Scope, d *Desktop) error {
	if !d.Uninvited || d.State != Available || s.invitations == nil {
		return nil
	}
	n, err := newcomer(tx, sc, d)
	if err != nil {
		return err
	}
	d.Uninvited = false
	return s.invitations.Invite(tx, sc, n)
}

// withdraw ends the invitation to a desktop that is gone.
func (s *Service) withdraw(tx *store.Tx, sc store.Scope, id string) error {
	if s.invitations == nil {
		return nil
	}
	return s.invitations.Withdraw(tx, sc, id)
}

// Newcomer returns what an invitation to a desktop says; desktops.ErrNotFound
// if there is none of that id.
func (s *Service) Newcomer(ctx context.Context, account, region, id string) (n desktops.Newcomer, err error) {
	sc := store.In(account, region)
	err = s.store.View(ctx, func(tx *store.Tx) error {
		d, err := desktopTable.Get(tx, sc, id)
		if errors.Is(err, store.ErrNotFound) {
			return desktops.ErrNotFound
		}
		if err != nil {
			return err
		}
		n, err = newcomer(tx, sc, d)
		return err
	})
	return n, err
}

func newcomer(tx *store.Tx, sc store.Scope, d *Desktop) (desktops.Newcomer, error) {
	dir, err := directories.Get(tx, sc, d.DirectoryID)
	if err != nil {
		return desktops.Newcomer{}, err
	}
	return desktops.Newcomer{
		WorkspaceID: d.ID, DirectoryID: d.DirectoryID, UserName: d.UserName, RegistrationCode: dir.RegistrationCode, State: string(d.State),
	}, nil
}
