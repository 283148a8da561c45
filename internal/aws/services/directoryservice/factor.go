package directoryservice

import (
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"tamachi/internal/directory"
	"tamachi/internal/proof"
	"tamachi/internal/store"
)

// factor is the second factor of a person: an authenticator app. It counts from
// when a first code has confirmed it.
type factor struct {
	DirectoryID string    `json:"directoryId"`
	User        string    `json:"user"` // folded
	Sealed      []byte    `json:"sealed"`
	Created     time.Time `json:"created"`
	Confirmed   time.Time `json:"confirmed,omitzero"`
	Step        int64     `json:"step"`  // of the last code that was accepted
	Drift       int64     `json:"drift"` // steps that the app's clock is ahead
	Wrong       int       `json:"wrong"` // codes in a row
	Until       time.Time `json:"until,omitzero"`
}

var factors = store.Table[factor]{
	Name:  "directoryservice.factors",
	Reach: store.Regional,
	Key:   func(f *factor) string { return factorKey(f.DirectoryID, f.User) },
	Indexes: map[string]func(*factor) string{
		"directory": func(f *factor) string { return f.DirectoryID },
		"kind":      func(*factor) string { return factorKind },
	},
}

// factorKind is the one kind of factors that are kept: by it all are found.
const factorKind = "totp"

func factorKey(directoryID, user string) string { return directoryID + "/" + strings.ToLower(user) }

// purpose binds a sealed seed to whose it is.
func (f *factor) purpose() string { return "directory factor " + factorKey(f.DirectoryID, f.User) }

// shown is how a factor stands; nil is none.
func (f *factor) shown() (directory.Factor, time.Time) {
	switch {
	case f == nil:
		return directory.NoFactor, time.Time{}
	case f.Confirmed.IsZero():
		return directory.BegunFactor, time.Time{}
	}
	return directory.ConfirmedFactor, f.Confirmed
}

const (
	// mostWrong codes in a row close the factor for factorRest: of a million
	// codes, three are good at any moment.
	mostWrong  = 5
	factorRest = 5 * time.Minute
)

// Enrolment is what an authenticator app needs to know. It is shown once.
type Enrolment struct {
	Seed string // base32, secret
	URI  string // otpauth://totp/..., secret
}

// EnrolFactor begins a second factor for a person, who confirms it by its first
// code; one that was begun before and not confirmed is forgotten.
// directory.ErrHasFactor if there is a confirmed one: it is to be dropped first. The caller has proved
// the person.
func (s *Service) EnrolFactor(ctx context.Context, sc store.Scope, directoryID, user string) (Enrolment, error) {
	seed := s.ids.Bytes(proof.SeedBytes)
	f := &factor{DirectoryID: directoryID, User: strings.ToLower(user), Created: s.clk.Now()}
	var err error
	if f.Sealed, err = s.ports.Box.Seal(f.purpose(), seed); err != nil {
		return Enrolment{}, fmt.Errorf("seal a second factor: %w", err)
	}
	var d directory.Domain
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		var err error
		if d, err = s.Domain(tx, sc, directoryID); err != nil {
			return err
		}
		have, err := factorOf(tx, sc, directoryID, user)
		switch {
		case err != nil:
			return err
		case have != nil && !have.Confirmed.IsZero():
			return fmt.Errorf("enrol %s: %w", user, directory.ErrHasFactor)
		}
		return factors.Put(tx, sc, f)
	})
	if err != nil {
		return Enrolment{}, err
	}
	text := base32.StdEncoding.EncodeToString(seed)
	label := url.PathEscape(d.Name + ":" + user)
	return Enrolment{Seed: text, URI: "otpauth://totp/" + label + "?secret=" + text + "&issuer=" + url.QueryEscape(d.Name)}, nil
}

// ConfirmFactor makes a begun factor count, by its first code.
// directory.ErrWrongCode if it is not right, or nothing was begun.
func (s *Service) ConfirmFactor(ctx context.Context, sc store.Scope, directoryID, user, code string) error {
	return s.tryCode(ctx, sc, directoryID, user, code, func(f *factor) bool {
		if f == nil || !f.Confirmed.IsZero() {
			return false
		}
		f.Confirmed = s.clk.Now()
		return true
	})
}

// HasFactor tells whether a person has a confirmed second factor.
func (s *Service) HasFactor(ctx context.Context, sc store.Scope, directoryID, user string) (bool, error) {
	var f *factor
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		f, err = factorOf(tx, sc, directoryID, user)
		return err
	})
	return f != nil && !f.Confirmed.IsZero(), err
}

// DropFactor ends a person's second factor, for one who has lost it;
// directory.ErrNoFactor if there is none.
func (s *Service) DropFactor(ctx context.Context, sc store.Scope, directoryID, user string) error {
	return s.st.Update(ctx, func(tx *store.Tx) error {
		if _, err := find(tx, sc, directoryID); err != nil {
			return err
		}
		f, err := factorOf(tx, sc, directoryID, user)
		if err == nil && f == nil {
			err = directory.ErrNoFactor
		}
		if err != nil {
			return fmt.Errorf("drop the factor of %q: %w", user, err)
		}
		return dropFactor(tx, sc, directoryID, user)
	})
}

func dropFactor(tx *store.Tx, sc store.Scope, directoryID, user string) error {
	err := factors.Delete(tx, sc, factorKey(directoryID, user))
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// dropFactors ends all second factors of a directory.
func dropFactors(tx *store.Tx, sc store.Scope, directoryID string) error {
	all, err := factors.By(tx, sc, "directory", directoryID, store.Page{})
	if err != nil {
		return err
	}
	for _, f := range all {
		if err := factors.Delete(tx, sc, factors.Key(f)); err != nil {
			return err
		}
	}
	return nil
}

// Gone forgets the second factor of a user who was removed, so that a new one
// of that name does not inherit it: the port of directoryservicedata.
func (s *Service) Gone(tx *store.Tx, sc store.Scope, directoryID, user string) error {
	return dropFactor(tx, sc, directoryID, user)
}

// second asks for the second factor of a person whose password was right.
func (s *Service) second(ctx context.Context, sc store.Scope, r *record, user, code string) error {
	if r.Radius != nil {
		return s.judge(ctx, r, user, code)
	}
	has, err := s.HasFactor(ctx, sc, r.ID, user)
	switch {
	case err != nil:
		return err
	case !has && r.NeedsFactor:
		return directory.ErrFactorNeeded
	case !has:
		return nil
	case code == "":
		return directory.ErrCodeNeeded
	}
	return s.tryCode(ctx, sc, r.ID, user, code, func(f *factor) bool { return f != nil && !f.Confirmed.IsZero() })
}

// tryCode checks a code and keeps what it did, good or bad, before the answer.
func (s *Service) tryCode(ctx context.Context, sc store.Scope, directoryID, user, code string, counts func(*factor) bool) error {
	var verdict error
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		verdict = directory.ErrWrongCode
		f, err := factorOf(tx, sc, directoryID, user)
		now := s.clk.Now()
		if err != nil || f == nil || now.Before(f.Until) {
			return err
		}
		seed, err := s.ports.Box.Open(f.purpose(), f.Sealed)
		if err != nil {
			return fmt.Errorf("open the second factor of %s: %w", user, err)
		}
		p := proof.Device{Seed: seed, Step: f.Step, Drift: f.Drift}
		if p.Accept(code, now) && counts(f) {
			f.Step, f.Drift, f.Wrong, verdict = p.Step, p.Drift, 0, nil
		} else if f.Wrong++; f.Wrong%mostWrong == 0 {
			f.Until = now.Add(factorRest)
		}
		return factors.Put(tx, sc, f)
	})
	if err != nil {
		return err
	}
	return verdict
}

// factorOf returns a person's factor, nil if there is none. A name that could
// not be a key is nobody's.
func factorOf(tx *store.Tx, sc store.Scope, directoryID, user string) (*factor, error) {
	f, err := factors.Get(tx, sc, factorKey(directoryID, user))
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return f, err
}
