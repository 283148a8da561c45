package iam

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// roleUse is when and where a role last made a call.
// Source: IAM API Reference, RoleLastUsed.
type roleUse struct {
	Role   string // the role's ID
	When   time.Time
	Region string
}

var roleUses = store.Table[roleUse]{
	Name:  "iam.roleuses",
	Reach: store.Account,
	Key:   func(u *roleUse) string { return u.Role },
}

// lastUseOf shows a role's last use; it is empty for one that was never used.
func lastUseOf(tx *store.Tx, sc store.Scope, role string) (*types.RoleLastUsed, error) {
	u, err := roleUses.Get(tx, sc, role)
	if errors.Is(err, store.ErrNotFound) {
		return &types.RoleLastUsed{}, nil
	}
	if err != nil {
		return nil, err
	}
	return &types.RoleLastUsed{LastUsedDate: &u.When, Region: &u.Region}, nil
}

// notedUses are uses that no store has yet: a write per call would cost more
// than the call.
type notedUses struct {
	mu    sync.Mutex
	noted map[roleOf]roleUse // guarded by mu
	kept  time.Time          // guarded by mu; when they were last stored
}

type roleOf struct{ account, id string }

func (n *notedUses) note(account, id, region string, when time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.noted == nil {
		n.noted = make(map[roleOf]roleUse)
	}
	n.noted[roleOf{account, id}] = roleUse{Role: id, When: when.UTC().Truncate(time.Second), Region: region}
}

// take returns what was noted when that is a minute's worth, and when to ask
// again.
func (n *notedUses) take(now time.Time) (map[roleOf]roleUse, time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if next := n.kept.Add(useEvery); now.Before(next) {
		return nil, next
	}
	taken := n.noted
	n.noted, n.kept = nil, now
	return taken, now.Add(useEvery)
}

// witnessRole notes that a role's session made a call.
func (s *Service) witnessRole(c *api.Caller, region string, when time.Time) {
	if c.Session != nil && c.Session.IssuerType == api.Role {
		s.uses.note(c.Account, c.Session.IssuerID, region, when)
	}
}

// keepRoleUses stores the uses of the last minute, and says when to ask again.
// Uses that were noted before a crash are lost: they lag, as on AWS.
func (s *Service) keepRoleUses(ctx context.Context) (next time.Time, err error) {
	taken, next := s.uses.take(s.clock.Now())
	if len(taken) == 0 {
		return next, nil
	}
	return next, s.store.Update(ctx, func(tx *store.Tx) error {
		for of, use := range taken {
			sc := store.Scope{Account: of.account}
			_, err := roleByID(tx, sc, of.id)
			if errors.Is(err, store.ErrNotFound) {
				continue // deleted meanwhile
			}
			if err != nil {
				return err
			}
			if err := roleUses.Put(tx, sc, &use); err != nil {
				return err
			}
		}
		return nil
	})
}
