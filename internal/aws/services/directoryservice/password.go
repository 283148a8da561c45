package directoryservice

import (
	"context"
	"errors"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// ChangePassword gives a person a new password, who proves the former one and,
// if they have a second factor, its code; whose password has expired, or must be
// changed, may do so too. It returns the name as the directory writes it.
// The errors are those of Prove; directory.ErrWeakPassword says no to the new
// password, directory.ErrTooSoon to a change on the day of the last one.
func (s *Service) ChangePassword(ctx context.Context, sc store.Scope, directoryID, name, former, code, next string) (string, error) {
	r, err := s.directory(ctx, sc, directoryID)
	if err != nil {
		return "", err
	}
	if name == "" || former == "" {
		return "", directory.RefuseUnproved()
	}
	keeper, err := s.keeper(r)
	if err != nil {
		return "", err
	}
	written, err := keeper.standing(ctx, name, former)
	if err != nil {
		return "", err
	}
	err = s.second(ctx, sc, r, written, code)
	if err != nil && !errors.Is(err, directory.ErrFactorNeeded) { // that is for the sign-in, which follows
		return written, err
	}
	return written, keeper.change(ctx, written, former, next)
}

// keeper is who keeps the passwords of a directory.
type keeper interface {
	// standing proves a password, be it expired or to be changed.
	standing(ctx context.Context, name, password string) (written string, err error)
	change(ctx context.Context, name, former, next string) error
}

func (s *Service) keeper(r *record) (keeper, error) {
	if r.Connect == nil {
		return kept{s.ports.Users, r.ID}, nil
	}
	remote, err := s.remote(r)
	return elsewhere{remote}, err
}

// kept is a directory of the plane's own.
type kept struct {
	users Users
	id    string
}

func (k kept) standing(ctx context.Context, name, password string) (string, error) {
	standing, err := k.users.Verify(ctx, k.id, name, password)
	if err != nil {
		return "", err
	}
	if standing != directory.Good && standing != directory.Expired && standing != directory.MustChange {
		return "", directory.Refuse(standing)
	}
	a, err := k.users.Lookup(ctx, k.id, name)
	return a.SAMAccountName, err
}

func (k kept) change(ctx context.Context, name, former, next string) error {
	return k.users.ChangePassword(ctx, k.id, name, former, next)
}

// elsewhere is a directory that somebody else keeps.
type elsewhere struct{ remote directory.Remote }

func (k elsewhere) standing(ctx context.Context, name, password string) (string, error) {
	a, err := k.remote.Prove(ctx, name, password)
	if refusal, ok := errors.AsType[*directory.Refusal](err); ok && refusal.Stale() {
		a, err = k.remote.User(ctx, name)
	}
	return a.SAMAccountName, err
}

func (k elsewhere) change(ctx context.Context, name, former, next string) error {
	return k.remote.Change(ctx, name, former, next)
}
