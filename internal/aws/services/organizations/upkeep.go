package organizations

import (
	"context"
	"errors"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/store"
)

// Upkeep makes the accounts that were asked for, in the order of the requests.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) {
	var waiting []*request
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		waiting, err = requests.By(tx, store.Scope{}, "waiting", "yes", store.Page{})
		return err
	})
	slices.SortFunc(waiting, func(a, b *request) int { return a.Requested.Compare(b.Requested) })
	for _, r := range waiting {
		if err := s.grant(ctx, r.ID); err != nil {
			return time.Time{}, err
		}
	}
	return time.Time{}, err
}

// grant makes the account of a request, or says why there is none, and tells so.
func (s *Service) grant(ctx context.Context, id string) error {
	now := s.clock.Now().UTC()
	return s.store.Update(ctx, func(tx *store.Tx) error {
		r, err := requests.Get(tx, store.Scope{}, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && r.State != string(types.CreateAccountStateInProgress) {
			return nil // its organization is gone, or another call was faster
		}
		if err != nil {
			return err
		}
		o, err := known.Get(tx, store.Scope{}, r.Organization)
		if err != nil {
			return err
		}
		why, err := s.refusal(tx, o, r)
		if err != nil {
			return err
		}
		if r.Completed = now; why != "" {
			r.fail(why)
		} else if err := s.open(tx, o, r); err != nil {
			return err
		}
		return errors.Join(requests.Put(tx, store.Scope{}, r), s.tell(tx, o, now, "CreateAccountResult", map[string]any{"createAccountStatus": r.told()}))
	})
}

// refusal is why an account cannot be made; empty where it can.
func (s *Service) refusal(tx *store.Tx, o *organization, r *request) (types.CreateAccountFailureReason, error) {
	if a, err := mail.ParseAddress(r.Email); err != nil || a.Address != r.Email {
		return types.CreateAccountFailureReasonInvalidEmail, nil //nolint:nilerr // the reason says so
	}
	taken, err := members.By(tx, store.Scope{}, "email", strings.ToLower(r.Email), store.Page{Limit: 1})
	if err != nil {
		return "", err
	}
	if len(taken) > 0 {
		return types.CreateAccountFailureReasonEmailAlreadyExists, nil
	}
	if s.ports.MaxAccounts > 0 {
		all, err := of(tx, o)
		if err != nil {
			return "", err
		}
		if len(all) >= s.ports.MaxAccounts {
			return types.CreateAccountFailureReasonAccountLimitExceeded, nil
		}
	}
	return "", nil
}

// open makes the account: its own scope in every room, its root user and the
// role that is the way in.
func (s *Service) open(tx *store.Tx, o *organization, r *request) error {
	number, err := s.freeNumber(tx)
	if err != nil {
		return err
	}
	r.State, r.Account = string(types.CreateAccountStateSucceeded), number
	m := &member{
		Account: number, Organization: o.ID, Name: r.Name, Email: r.Email, Joined: r.Completed.Truncate(time.Second), Created: true, Role: r.Role, Tags: r.Tags,
	}
	return errors.Join(s.ports.Founder.Found(tx, number, o.Management, r.Role), members.Put(tx, store.Scope{}, m), o.attachFull(tx, number))
}

// freeNumber draws a number that no account of an organization has. The first
// digit is not 0, so that no program takes it for a short number.
func (s *Service) freeNumber(tx *store.Tx) (string, error) {
	for {
		number := s.ids.Digits(12)
		if number[0] == '0' {
			continue
		}
		_, err := members.Get(tx, store.Scope{}, number)
		if errors.Is(err, store.ErrNotFound) {
			return number, nil
		}
		if err != nil {
			return "", err
		}
	}
}
