package iam

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

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

func (n *notedUses) take() map[roleOf]roleUse {
	n.mu.Lock()
	defer n.mu.Unlock()
	taken := n.noted
	n.noted = nil
	return taken
}

// keepRoleUses writes what was noted since it was last called. Uses that were
// noted before a crash are lost: they lag, as on AWS.
func (s *Service) keepRoleUses(ctx context.Context) error {
	taken := s.uses.take()
	if len(taken) == 0 {
		return nil
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		for of, use := range taken {
			sc := store.Scope{Account: of.account}
			if there, err := roles.By(tx, sc, "id", of.id, store.Page{Limit: 1}); err != nil || len(there) == 0 {
				if err != nil {
					return err
				}
				continue // deleted meanwhile
			}
			if err := roleUses.Put(tx, sc, &use); err != nil {
				return err
			}
		}
		return nil
	})
}
