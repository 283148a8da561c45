package tamachi

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/smithy-go"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// term is the end of a membership in a group of a directory.
type term struct {
	DirectoryID string    `json:"directoryId"`
	Group       string    `json:"group"`
	Member      string    `json:"member"`
	Until       time.Time `json:"until"`
	Since       time.Time `json:"since"`
	By          string    `json:"by"` // ARN of who asked for it
}

var terms = store.Table[term]{
	Name:  "tamachi.terms",
	Reach: store.Regional,
	Key:   func(t *term) string { return termKey(t.DirectoryID, t.Group, t.Member) },
	Indexes: map[string]func(*term) string{
		"directory": func(t *term) string { return t.DirectoryID },
		"ends":      func(*term) string { return "yes" },
	},
}

func termKey(directoryID, group, member string) string {
	return directoryID + "/" + strings.ToLower(group) + "/" + strings.ToLower(member)
}

// laterAgain is when a directory that does not answer is asked again.
const laterAgain = time.Minute

// endMemberships ends the memberships whose time has come, each by a call of
// Directory Service Data in the service's name, and returns when the next one
// ends. The term goes after the membership: a call too many finds no member.
func (s *Service) endMemberships(ctx context.Context) (next time.Time, err error) {
	var rows []store.Row[term]
	err = s.st.View(ctx, func(tx *store.Tx) (err error) {
		rows, err = terms.Everywhere(tx, "ends", "yes")
		return err
	})
	if err != nil {
		return next, err
	}
	now := s.clk.Now()
	for _, r := range rows {
		at := r.Record.Until
		if !at.After(now) {
			if at, err = s.endMembership(ctx, r.Scope, r.Record); err != nil {
				return next, err
			}
		}
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, nil
}

// endMembership ends one and returns when to try again, zero for never.
func (s *Service) endMembership(ctx context.Context, sc store.Scope, t *term) (again time.Time, err error) {
	err = s.ports.Members.Remove(ctx, sc.Account, sc.Region, t.DirectoryID, t.Group, t.Member)
	switch {
	case errors.Is(err, directory.ErrUnreachable):
		return s.clk.Now().Add(laterAgain), nil
	case err != nil && !errors.Is(err, directory.ErrNotMember) && !errors.Is(err, directory.ErrNoDirectory):
		return again, fmt.Errorf("end the membership of %s in %s: %w", t.Member, t.Group, err)
	}
	return again, s.dropTerm(ctx, sc, t)
}

// dropTerm forgets a term, unless it was changed meanwhile.
func (s *Service) dropTerm(ctx context.Context, sc store.Scope, t *term) error {
	return s.st.Update(ctx, func(tx *store.Tx) error {
		now, err := terms.Get(tx, sc, terms.Key(t))
		if errors.Is(err, store.ErrNotFound) || err == nil && !now.Until.Equal(t.Until) {
			return nil
		}
		if err != nil {
			return err
		}
		return terms.Delete(tx, sc, terms.Key(t))
	})
}

// earlier is the earlier of two moments of which zero means never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// alreadyMember refuses an end for a membership that has none.
func alreadyMember(t *term) error {
	return &smithy.GenericAPIError{
		Code:    "ConflictException",
		Message: t.Member + " is a member of the group " + t.Group + " already, without an end.",
	}
}
