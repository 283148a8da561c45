package directoryservice

import (
	"context"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// Prove proves a person of a directory by their password and, if they have a
// second factor, its code, and returns the name as the directory writes it. A
// *directory.Refusal and directory.ErrNoUser are told apart from a directory
// that does not answer. With the right password, directory.ErrCodeNeeded asks
// for a code and directory.ErrWrongCode for another one.
func (s *Service) Prove(ctx context.Context, sc store.Scope, directoryID, name, password, code string) (string, error) {
	r, err := s.directory(ctx, sc, directoryID)
	if err != nil {
		return "", err
	}
	if name == "" || password == "" {
		return "", directory.RefuseUnproved()
	}
	if r.Connect != nil {
		remote, err := s.remote(r)
		if err != nil {
			return "", err
		}
		a, err := remote.Prove(ctx, name, password)
		if err != nil {
			return "", err
		}
		return a.SAMAccountName, s.second(ctx, sc, r, a.SAMAccountName, code)
	}
	c := directory.Credentials{DirectoryID: r.ID, Domain: r.Name, UserName: name, Password: password, Authorities: r.trusted()}
	e, err := s.ports.Server.Find(ctx, c, name) // after a bind with that password
	if err != nil {
		return "", err
	}
	return e.SAMAccountName, s.second(ctx, sc, r, e.SAMAccountName, code)
}

// directory returns a directory of a scope.
func (s *Service) directory(ctx context.Context, sc store.Scope, directoryID string) (r *record, err error) {
	err = s.st.View(ctx, func(tx *store.Tx) error {
		r, err = find(tx, sc, directoryID)
		return err
	})
	return r, err
}
