package tamachi

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"tamachi/internal/directory"
	"tamachi/internal/notify"
	"tamachi/internal/store"
)

const (
	// askAgain is when a directory that does not answer is asked again for an
	// address, and asksUntil when that is given up.
	askAgain  = time.Minute
	asksUntil = 5 * 24 * time.Hour
)

// Upkeep ends what was lost with an earlier process, writes the invitations that
// wait for it, ends memberships whose time has come, and deletes recordings that were kept
// long enough.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) {
	if err := s.endLost(ctx); err != nil {
		return time.Time{}, err
	}
	written, err := s.writeInvitations(ctx)
	if err != nil {
		return next, err
	}
	ended, err := s.endMemberships(ctx)
	if err != nil {
		return time.Time{}, err
	}
	expired, err := s.expire(ctx)
	return earlier(earlier(written, ended), expired), err
}

func (s *Service) writeInvitations(ctx context.Context) (next time.Time, err error) {
	var rows []store.Row[invitation]
	err = s.st.View(ctx, func(tx *store.Tx) error {
		rows, err = invitations.Everywhere(tx, "waiting", "yes")
		return err
	})
	if err != nil {
		return time.Time{}, err
	}
	for _, r := range rows {
		at := r.Record.Next
		if !at.After(s.clk.Now()) {
			if at, err = s.writeTo(ctx, r.Scope, r.Record); err != nil {
				return time.Time{}, fmt.Errorf("invite %s to %s: %w", r.Record.UserName, r.Record.WorkspaceID, err)
			}
		}
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, nil
}

// writeTo finds out where a person's mail goes and posts the invitation. It
// returns when to go on with it, zero for never.
func (s *Service) writeTo(ctx context.Context, sc store.Scope, seen *invitation) (next time.Time, err error) {
	to, err := s.ports.People.Invitee(ctx, sc.Account, sc.Region, seen.DirectoryID, seen.UserName)
	now, secret, noticeID := s.clk.Now(), s.secret(), "invitation-"+s.ids.UUID()
	away := errors.Is(err, directory.ErrUnreachable) && now.Sub(seen.Asked) < asksUntil
	why := ""
	switch {
	case away:
	case errors.Is(err, directory.ErrNoUser), errors.Is(err, directory.ErrNoDirectory), errors.Is(err, directory.ErrUnreachable):
		why = cause(err)
	case err != nil:
		return next, err
	case to.Email == "":
		why = "the user has no mail address in the directory"
	}
	return next, s.st.Update(ctx, func(tx *store.Tx) error {
		next = time.Time{} // the function may run again
		i, err := invitations.Get(tx, sc, seen.WorkspaceID)
		if errors.Is(err, store.ErrNotFound) || err == nil && (i.State != toWrite || !i.Asked.Equal(seen.Asked)) {
			return nil // gone, or asked for anew
		}
		if err != nil {
			return err
		}
		if away {
			next = now.Add(askAgain)
			i.Next = next
			return invitations.Put(tx, sc, i)
		}
		if why == "" {
			if why, err = s.mail(tx, i, to, noticeID, secret, now); err != nil {
				return err
			}
		}
		if why != "" {
			i.fail(why)
		}
		return invitations.Put(tx, sc, i)
	})
}

// cause is the plain words behind an error of a directory.
func cause(err error) string {
	for _, known := range []error{directory.ErrNoUser, directory.ErrNoDirectory, directory.ErrUnreachable} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	return err.Error()
}

// mail posts the mail of an invitation; why says that its address is none.
func (s *Service) mail(tx *store.Tx, i *invitation, to Invitee, noticeID, secret string, now time.Time) (why string, err error) {
	link, hashed := "", ""
	if to.Chooses {
		link, hashed = s.ports.InvitationURL(secret), hash(secret)
	}
	i.write(to, noticeID, hashed, now)
	err = s.ports.Notices.Post(tx, notify.Notice{
		ID: noticeID, From: s.ports.Sender(i.DirectoryID), To: to.Email, Subject: subject,
		Text: letter(i, to, link, s.ports.SignInURL()), At: now,
	})
	if errors.Is(err, notify.ErrRefused) {
		return strings.TrimPrefix(err.Error(), notify.ErrRefused.Error()+": "), nil
	}
	return "", err
}
