package tamachi

import (
	"context"
	"fmt"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// screening makes a ticket for a recording, in the caller's name.
func (s *Service) screening(ctx context.Context, id string, export bool) (ticket string, expires time.Time, err error) {
	call := api.CallFrom(ctx)
	ticket = s.secret()
	g := grant{
		Hash: hash(ticket), Account: call.Account, Region: call.Region, Caller: call.Caller.ARN,
		Recording: id, Export: export, Expires: call.Time.Add(ticketLife),
	}
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		if _, err := visible(tx, store.In(call.Place()), id); err != nil {
			return err
		}
		if err := sweep(tx, &tickets, call.Time); err != nil {
			return err
		}
		return tickets.Put(tx, store.Scope{}, &g)
	})
	return ticket, g.Expires, err
}

// use takes a ticket for a recording out of the store, and puts a session in
// its place where a secret for one is given.
func (s *Service) use(ctx context.Context, ticket, secret string, export bool) (desktops.Recording, time.Time, error) {
	now := s.clk.Now()
	var r desktops.Recording
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		g, err := find(tx, &tickets, ticket, now)
		if err != nil {
			return err
		}
		if g == nil || g.Recording == "" || g.Export != export {
			return desktops.ErrNoPass
		}
		if err := tickets.Delete(tx, store.Scope{}, g.key()); err != nil {
			return err
		}
		if r, err = s.screened(tx, g); err != nil || secret == "" {
			return err
		}
		g.Hash, g.Expires = hash(secret), now.Add(filmLife)
		if err := sweep(tx, &sessions, now); err != nil {
			return err
		}
		return sessions.Put(tx, store.Scope{}, g)
	})
	return r, now.Add(filmLife), err
}

// screened is the recording of a ticket or a session, if it can still be seen.
func (s *Service) screened(tx *store.Tx, g *grant) (desktops.Recording, error) {
	sc := store.In(g.Account, g.Region)
	f, err := byFilm(tx, sc, g.Recording)
	if err != nil {
		return desktops.Recording{}, err
	}
	if f == nil || f.Status == removing || f.Status == removed {
		return desktops.Recording{}, desktops.ErrNotFound
	}
	return f.recording(sc), nil
}

// RedeemPlayback uses up a ticket and opens a browser session for its recording.
func (s *Service) RedeemPlayback(ctx context.Context, ticket string) (desktops.Pass, error) {
	secret := s.secret()
	r, until, err := s.use(ctx, ticket, secret, false)
	if err != nil {
		return desktops.Pass{}, fmt.Errorf("redeem ticket: %w", err)
	}
	return desktops.Pass{ID: r.ID, Secret: secret, Expires: until}, nil
}

// Exported uses up a ticket for a recording's file.
func (s *Service) Exported(ctx context.Context, ticket string) (desktops.Recording, error) {
	r, _, err := s.use(ctx, ticket, "", true)
	if err != nil {
		return r, fmt.Errorf("redeem ticket: %w", err)
	}
	return r, nil
}

// Playback says which recording a session's secret shows. The error is
// desktops.ErrNoPass when the session is over and desktops.ErrNotFound when the
// recording was deleted.
func (s *Service) Playback(ctx context.Context, secret string) (r desktops.Recording, err error) {
	err = s.st.View(ctx, func(tx *store.Tx) error {
		g, err := find(tx, &sessions, secret, s.clk.Now())
		if err != nil {
			return err
		}
		if g == nil || g.Recording == "" {
			return desktops.ErrNoPass
		}
		r, err = s.screened(tx, g)
		return err
	})
	if err != nil {
		return r, fmt.Errorf("look up session: %w", err)
	}
	return r, nil
}
