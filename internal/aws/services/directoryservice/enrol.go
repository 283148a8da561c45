package directoryservice

import (
	"context"
	"errors"
	"strings"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// BeginFactor begins the second factor of a person who proves their password;
// the errors are those of Prove, and directory.ErrHasFactor.
func (s *Service) BeginFactor(ctx context.Context, sc store.Scope, directoryID, name, password string) (written string, e Enrolment, err error) {
	if written, err = s.proveFirst(ctx, sc, directoryID, name, password); err != nil {
		return written, e, err
	}
	e, err = s.EnrolFactor(ctx, sc, directoryID, written)
	return written, e, err
}

// FinishFactor makes the begun factor count of a person who proves their
// password, by its first code.
func (s *Service) FinishFactor(ctx context.Context, sc store.Scope, directoryID, name, password, code string) (written string, err error) {
	if written, err = s.proveFirst(ctx, sc, directoryID, name, password); err != nil {
		return written, err
	}
	return written, s.ConfirmFactor(ctx, sc, directoryID, written, code)
}

// proveFirst proves the first factor, the password, of a person who has no
// second one.
func (s *Service) proveFirst(ctx context.Context, sc store.Scope, directoryID, name, password string) (string, error) {
	written, err := s.Prove(ctx, sc, directoryID, name, password, "")
	switch {
	case errors.Is(err, directory.ErrFactorNeeded):
		return written, nil
	case errors.Is(err, directory.ErrCodeNeeded):
		return written, directory.ErrHasFactor
	}
	return written, err
}

// RequireFactor says whether the people of a directory need a second factor to
// sign in.
func (s *Service) RequireFactor(ctx context.Context, sc store.Scope, directoryID string, needed bool) error {
	return s.st.Update(ctx, func(tx *store.Tx) error {
		r, err := find(tx, sc, directoryID)
		if err != nil {
			return err
		}
		r.NeedsFactor = needed
		return directories.Put(tx, sc, r)
	})
}

// NeedsFactor tells whether they do, of the plane: RADIUS servers have their own.
func (s *Service) NeedsFactor(ctx context.Context, sc store.Scope, directoryID string) (bool, error) {
	r, err := s.directory(ctx, sc, directoryID)
	if err != nil {
		return false, err
	}
	return r.NeedsFactor && r.Radius == nil, nil
}

// Factors adds to people how their second factors stand, and which of them is
// the directory's service account.
func (s *Service) Factors(ctx context.Context, sc store.Scope, directoryID string, people []directory.SignIn) error {
	return s.st.View(ctx, func(tx *store.Tx) error {
		c, err := credentials.Get(tx, sc, directoryID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		for i := range people {
			people[i].Service = c != nil && strings.EqualFold(c.UserName, people[i].UserName)
			f, err := factorOf(tx, sc, directoryID, people[i].UserName)
			if err != nil {
				return err
			}
			people[i].Factor, people[i].FactorSince = f.shown()
		}
		return nil
	})
}
