package directoryservicedata

import (
	"context"
	"errors"
	"strings"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// book returns a directory whose people the caller may ask for, in this
// service's words when there is none.
func (s *Service) book(tx *store.Tx, sc store.Scope, directoryID string) (directory.Book, error) {
	b, err := s.ports.Directories.Book(tx, sc, directoryID)
	switch {
	case errors.Is(err, directory.ErrNoDirectory):
		return b, noDirectory(directoryID)
	case err == nil && b.Closed:
		return b, closed(directoryID)
	}
	return b, err
}

// within checks that the realms that were asked for are the directory's own.
// A realm is compared without regard to case and may end in a dot.
func within(d directory.Domain, realms ...*string) error {
	for _, realm := range realms {
		if realm != nil && !strings.EqualFold(strings.TrimSuffix(*realm, "."), d.Name) {
			return invalid(reasonRealm, "The realm %s is not the directory's own and there is no trust to it.", *realm)
		}
	}
	return nil
}

// read asks a directory of the caller's, whoever keeps it. What the plane keeps
// is read in one transaction.
func (s *Service) read(ctx context.Context, directoryID string, realms []*string, ask func(r directory.Roster, d directory.Domain) error) error {
	sc := store.In(api.CallFrom(ctx).Place())
	var b directory.Book
	err := s.st.View(ctx, func(tx *store.Tx) error {
		var err error
		if b, err = s.book(tx, sc, directoryID); err != nil {
			return err
		}
		if err := within(b.Domain, realms...); err != nil || b.Roster != nil {
			return err
		}
		return ask(&shelf{s, sc, b.Domain, tx}, b.Domain)
	})
	if err != nil || b.Roster == nil {
		return err
	}
	return ask(b.Roster, b.Domain)
}

// request is a call that changes a directory.
type request struct {
	directoryID string
	token       *string
	realms      []*string
	in          any // for the receipt
}

// change makes one change of a directory. Where the plane keeps its people, the
// change and its receipt are one commit. Elsewhere the receipt follows the
// change: a crash between the two lets a repeated request find its own effect,
// which it reports as a conflict.
func change[O any](ctx context.Context, s *Service, r request, do func(ro directory.Roster, d directory.Domain) (*O, error)) (*O, error) {
	call := api.CallFrom(ctx)
	sc := store.In(call.Place())
	out, remote, err := s.remote(ctx, sc, r)
	if err != nil {
		return nil, err
	}
	if remote.Roster == nil {
		return changeOwn(ctx, s, r, do)
	}
	done := new(O)
	if found, err := recall(out, done); found || err != nil {
		return done, err
	}
	if done, err = do(remote.Roster, remote.Domain); err != nil || r.token == nil {
		return done, err
	}
	return done, s.st.Update(ctx, func(tx *store.Tx) error { return s.note(tx, call, r, done) })
}

func changeOwn[O any](ctx context.Context, s *Service, r request, do func(ro directory.Roster, d directory.Domain) (*O, error)) (*O, error) {
	call := api.CallFrom(ctx)
	sc := store.In(call.Place())
	var out *O
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		b, err := s.book(tx, sc, r.directoryID)
		if err != nil {
			return err
		}
		if err := within(b.Domain, r.realms...); err != nil {
			return err
		}
		seen, err := s.seen(tx, call, r)
		if err != nil {
			return err
		}
		out = new(O)
		if found, err := recall(seen, out); found || err != nil {
			return err
		}
		if out, err = do(&shelf{s, sc, b.Domain, tx}, b.Domain); err != nil || r.token == nil {
			return err
		}
		return s.note(tx, call, r, out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// remote returns the directory and, when somebody else keeps its people, the
// answer to this request the time before.
func (s *Service) remote(ctx context.Context, sc store.Scope, r request) (seen *receipt, b directory.Book, err error) {
	err = s.st.View(ctx, func(tx *store.Tx) error {
		var err error
		if b, err = s.book(tx, sc, r.directoryID); err != nil || b.Roster == nil {
			return err
		}
		if err := within(b.Domain, r.realms...); err != nil {
			return err
		}
		seen, err = s.seen(tx, api.CallFrom(ctx), r)
		return err
	})
	return seen, b, err
}
