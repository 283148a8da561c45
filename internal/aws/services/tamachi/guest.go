package tamachi

import (
	"context"

	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// Guest says whose the link of an invitation is, for the page on which the
// person sets their password; desktops.ErrNoPass when it is unknown, used or
// expired.
func (s *Service) Guest(ctx context.Context, secret string) (g desktops.Guest, err error) {
	err = s.st.View(ctx, func(tx *store.Tx) error {
		r, err := s.linked(tx, secret)
		if err == nil {
			i := r.Record
			g = desktops.Guest{Account: r.Scope.Account, Region: r.Scope.Region, UserName: i.UserName, RegistrationCode: i.RegistrationCode, Expires: i.Expires}
		}
		return err
	})
	return g, err
}

// linked returns the invitation of a link that can be used.
func (s *Service) linked(tx *store.Tx, secret string) (store.Row[invitation], error) {
	rows, err := invitations.Everywhere(tx, "hash", hash(secret))
	if err != nil {
		return store.Row[invitation]{}, err
	}
	if len(rows) != 1 || !s.clk.Now().Before(rows[0].Record.Expires) {
		return store.Row[invitation]{}, desktops.ErrNoPass
	}
	return rows[0], nil
}
