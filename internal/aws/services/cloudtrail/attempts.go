package cloudtrail

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tamachi/internal/store"
)

// Attempt is a recorded call, as a report of last uses wants it.
type Attempt struct {
	Account string
	Region  string
	// Principal is the unique id of the user or role whose call it was: AIDA...,
	// AROA...
	Principal string
	Source    string // ssm.amazonaws.com
	Event     string // PutParameter
	At        time.Time
}

// attemptsAtOnce bounds a page of attempts.
const attemptsAtOnce = 1000

// Attempts returns the calls that users and roles made in their own accounts, in
// the order of commits from behind a place, and the place of the last record
// that was read; the same place when there is nothing more.
func (s *Service) Attempts(ctx context.Context, after int64) (list []Attempt, last int64, err error) {
	var found []store.Entry[event]
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		found, err = journal.After(tx, after, attemptsAtOnce)
		return err
	})
	if err != nil {
		return nil, after, fmt.Errorf("read the trail: %w", err)
	}
	last = after
	for _, e := range found {
		last = e.Place
		var r struct {
			UserIdentity struct {
				PrincipalID, AccountID string
				SessionContext         struct{ SessionIssuer struct{ PrincipalID string } }
			}
		}
		if err := json.Unmarshal(e.Record.Record, &r); err != nil {
			return nil, after, fmt.Errorf("read event %s: %w", e.Record.ID, err)
		}
		who := r.UserIdentity.SessionContext.SessionIssuer.PrincipalID
		if who == "" {
			who = r.UserIdentity.PrincipalID
		}
		who, _, _ = strings.Cut(who, ":")
		isEntity := strings.HasPrefix(who, "AIDA") || strings.HasPrefix(who, "AROA")
		if isEntity && r.UserIdentity.AccountID == e.Scope.Account { // else it is another account's copy
			list = append(list, Attempt{e.Scope.Account, e.Scope.Region, who, e.Record.Source, e.Record.Name, e.At})
		}
	}
	return list, last, nil
}
