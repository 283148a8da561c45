package house

import (
	"context"
	"errors"

	"tamachi/internal/aws/services/tamachi"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// signIns is how people of directories sign in, for the plane's own service.
type signIns struct{ d *directories }

var _ tamachi.SignIns = signIns{}

// RequireFactor says whether a directory's people need a second factor.
func (s signIns) RequireFactor(ctx context.Context, account, region, id string, needed bool) error {
	return s.d.Service.RequireFactor(ctx, store.In(account, region), id, needed)
}

// List returns people with what is known of their sign-in.
func (s signIns) List(ctx context.Context, account, region, id, after string, limit int) (out []directory.SignIn, needed bool, err error) {
	sc := store.In(account, region)
	if needed, err = s.d.NeedsFactor(ctx, sc, id); err != nil {
		return nil, false, err
	}
	people, err := s.peopleAfter(ctx, sc, id, after, limit)
	if err != nil {
		return nil, false, err
	}
	for _, a := range people {
		out = append(out, directory.SignIn{UserName: a.SAMAccountName, Enabled: a.Enabled, Locked: a.Locked, PasswordSet: a.PasswordSet})
	}
	return out, needed, s.d.Factors(ctx, sc, id, out)
}

// peopleAfter lists those of the plane's own with what the directory server
// shows of them, and others as their keeper does.
func (s signIns) peopleAfter(ctx context.Context, sc store.Scope, id, after string, limit int) (out []directory.Account, err error) {
	f, err := s.d.Facts(ctx, sc, id)
	if err != nil {
		return nil, err
	}
	if f.Type != "ADConnector" {
		return s.d.users.List(ctx, id, after, limit)
	}
	err = s.d.users.Ask(ctx, sc, id, func(r directory.Roster) (err error) {
		out, err = r.ListUsers(ctx, directory.Query{After: after, Limit: limit})
		return err
	})
	return out, err
}

// DropFactor ends a second factor.
func (s signIns) DropFactor(ctx context.Context, account, region, id, user string) error {
	return s.d.Service.DropFactor(ctx, store.In(account, region), id, user)
}

// Unlock forgets a person's failures, or has their directory do so (Microsoft,
// "Lockout-Time attribute": zero unlocks).
func (s signIns) Unlock(ctx context.Context, account, region, id, user string) error {
	sc := store.In(account, region)
	f, err := s.d.Facts(ctx, sc, id)
	if err != nil {
		return err
	}
	if f.Type != "ADConnector" {
		return s.d.users.Unlock(ctx, sc, id, user)
	}
	err = s.d.users.Ask(ctx, sc, id, func(r directory.Roster) error {
		return r.ChangeUser(ctx, user, []directory.Change{{Kind: directory.Replace, Attribute: "lockoutTime", Values: []string{"0"}}})
	})
	if _, refused := errors.AsType[*directory.Refusal](err); refused {
		return errors.Join(directory.ErrUnreachable, err)
	}
	return err
}
