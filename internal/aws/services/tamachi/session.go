package tamachi

import (
	"context"
	"fmt"

	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// Redeem uses up a ticket and opens a browser session for its desktop, in one
// transaction: of two that redeem at once, one gets desktops.ErrNoPass.
func (s *Service) Redeem(ctx context.Context, ticket string) (desktops.Pass, error) {
	now, secret := s.clk.Now(), s.secret()
	var session grant
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		g, err := find(tx, &tickets, ticket, now)
		if err != nil {
			return err
		}
		if g == nil || g.Recording != "" {
			return desktops.ErrNoPass
		}
		if err := tickets.Delete(tx, store.Scope{}, g.key()); err != nil {
			return err
		}
		session = *g
		session.Hash, session.Expires = hash(secret), now.Add(sessionLife)
		if err := sweep(tx, &sessions, now); err != nil {
			return err
		}
		return sessions.Put(tx, store.Scope{}, &session)
	})
	if err != nil {
		return desktops.Pass{}, fmt.Errorf("redeem ticket: %w", err)
	}
	return desktops.Pass{ID: session.WorkspaceID, Secret: secret, Expires: session.Expires}, nil
}

// Visit says which desktop a session's secret opens, for whom, and how that
// desktop is now. The error is desktops.ErrNoPass when the session is over and
// desktops.ErrNotFound when the desktop is gone.
func (s *Service) Visit(ctx context.Context, secret string) (desktops.Visit, error) {
	var g *grant
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		g, err = find(tx, &sessions, secret, s.clk.Now())
		return err
	})
	if err != nil {
		return desktops.Visit{}, fmt.Errorf("look up session: %w", err)
	}
	if g == nil || g.Recording != "" {
		return desktops.Visit{}, fmt.Errorf("look up session: %w", desktops.ErrNoPass)
	}
	if g.Dismissed {
		return desktops.Visit{}, fmt.Errorf("look up session: %w: %w", desktops.ErrNoPass, desktops.ErrDismissed)
	}
	v, err := s.ports.Desktops.Look(ctx, g.Account, g.Region, g.WorkspaceID)
	if err != nil {
		return desktops.Visit{}, fmt.Errorf("visit desktop %s: %w", g.WorkspaceID, err)
	}
	v.Account, v.Region, v.ID, v.Caller, v.Grant, v.Since = g.Account, g.Region, g.WorkspaceID, g.Caller, g.Hash, g.Expires.Add(-sessionLife)
	v.Until, v.ViewOnly = g.Expires, g.ViewOnly
	if g.UserName != "" {
		v.Person = desktops.Person{Account: g.Account, Region: g.Region, DirectoryID: g.DirectoryID, UserName: g.UserName}
	}
	return v, nil
}
