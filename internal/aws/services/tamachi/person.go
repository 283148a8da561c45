package tamachi

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"tamachi/internal/arn"
	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// personLife is how long a person stays signed in: a working day.
const personLife = 10 * time.Hour

// people are the sessions of persons, beside those of single desktops.
var people = store.Table[grant]{Name: "tamachi.people", Reach: store.Plane, Key: (*grant).key, Indexes: map[string]func(*grant) string{
	"hash":   func(g *grant) string { return g.Hash },
	"person": func(g *grant) string { return personKey(g.DirectoryID, g.UserName) },
}}

// personKey names a person of the plane: ids of directories are unique in it.
func personKey(directoryID, user string) string { return directoryID + "/" + strings.ToLower(user) }

// SignedIn opens a session for a person who has proved who they are.
func (s *Service) SignedIn(ctx context.Context, p desktops.Person) (secret string, expires time.Time, err error) {
	return s.signedIn(ctx, p, func(tx *store.Tx) error { return nil })
}

// SignedInAnew does so and ends the sessions that the person had, for they have
// another password now.
func (s *Service) SignedInAnew(ctx context.Context, p desktops.Person) (secret string, expires time.Time, err error) {
	return s.signedIn(ctx, p, func(tx *store.Tx) error {
		all, err := people.By(tx, store.Scope{}, "person", personKey(p.DirectoryID, p.UserName), store.Page{})
		if err != nil {
			return err
		}
		for _, g := range all {
			if err := people.Delete(tx, store.Scope{}, g.key()); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) signedIn(ctx context.Context, p desktops.Person, before func(*store.Tx) error) (secret string, expires time.Time, err error) {
	now, secret := s.clk.Now(), s.secret()
	g := grant{
		Hash: hash(secret), Account: p.Account, Region: p.Region, DirectoryID: p.DirectoryID, UserName: p.UserName,
		Expires: now.Add(personLife),
	}
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		if err := errors.Join(sweep(tx, &people, now), before(tx)); err != nil {
			return err
		}
		return people.Put(tx, store.Scope{}, &g)
	})
	if err != nil {
		return "", time.Time{}, fmt.Errorf("sign in %s: %w", p.UserName, err)
	}
	return secret, g.Expires, nil
}

// Person says whose a session is; desktops.ErrNoPass when it is over.
func (s *Service) Person(ctx context.Context, secret string) (p desktops.Person, err error) {
	err = s.st.View(ctx, func(tx *store.Tx) error {
		g, err := find(tx, &people, secret, s.clk.Now())
		if err != nil {
			return err
		}
		if g == nil {
			return desktops.ErrNoPass
		}
		p = desktops.Person{Account: g.Account, Region: g.Region, DirectoryID: g.DirectoryID, UserName: g.UserName}
		return nil
	})
	return p, err
}

// SignOut ends a person's session; one that is over is no error.
func (s *Service) SignOut(ctx context.Context, secret string) error {
	now := s.clk.Now()
	return s.st.Update(ctx, func(tx *store.Tx) error {
		g, err := find(tx, &people, secret, now)
		if err != nil || g == nil {
			return err
		}
		if err := s.tell(tx, store.In(g.Account, g.Region), g.logout(now)); err != nil {
			return err
		}
		return people.Delete(tx, store.Scope{}, g.key())
	})
}

// Enter opens a browser session of one desktop for a person, whose it must be:
// the caller has looked.
func (s *Service) Enter(ctx context.Context, p desktops.Person, workspaceID string) (desktops.Pass, error) {
	now, secret := s.clk.Now(), s.secret()
	g := grant{
		Hash: hash(secret), Account: p.Account, Region: p.Region, WorkspaceID: workspaceID, Expires: now.Add(sessionLife),
		DirectoryID: p.DirectoryID, UserName: p.UserName,
		Caller: arn.New("ds", p.Region, p.Account, "directory/"+p.DirectoryID+"/user/"+p.UserName).String(),
	}
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		if err := sweep(tx, &sessions, now); err != nil {
			return err
		}
		return sessions.Put(tx, store.Scope{}, &g)
	})
	if err != nil {
		return desktops.Pass{}, fmt.Errorf("open %s for %s: %w", workspaceID, p.UserName, err)
	}
	return desktops.Pass{ID: workspaceID, Secret: secret, Expires: g.Expires}, nil
}
