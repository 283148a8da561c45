package iam

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// accessKey is a long-term key of a user.
type accessKey struct {
	ID      string // AKIA...
	Secret  string
	Account string
	User    string // the user's id
	Created time.Time
	Active  bool
}

// accessKeys are found by their id alone: a signature names no account.
var accessKeys = store.Table[accessKey]{
	Name:    "iam.keys",
	Reach:   store.Plane,
	Key:     func(k *accessKey) string { return k.ID },
	Indexes: map[string]func(*accessKey) string{"user": func(k *accessKey) string { return k.User }},
}

// longTerm begins the id of every long-term key (IAM User Guide, "IAM
// identifiers").
const longTerm = "AKIA"

// maxKeys is the quota of keys of a user.
const maxKeys = 2

// Key is what the verifier of signatures needs of a long-term key. It holds a
// secret.
type Key struct {
	Secret string
	Caller api.Caller
}

// ErrUnknownKey reports an access key that is not there, or not active.
var ErrUnknownKey = errors.New("no such access key")

// Key finds an active long-term key; ErrUnknownKey if there is none.
func (s *Service) Key(ctx context.Context, accessKeyID string) (Key, error) {
	k, known, round := s.keys.Get(accessKeyID)
	if known {
		return k, nil
	}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		found, err := accessKeys.Get(tx, store.Scope{}, accessKeyID)
		if err != nil {
			return err
		}
		if !found.Active {
			return store.ErrNotFound
		}
		u, err := userByID(tx, store.Scope{Account: found.Account}, found.User)
		if err != nil {
			return err
		}
		k = Key{Secret: found.Secret, Caller: found.caller(u)}
		return nil
	})
	if errors.Is(err, store.ErrNotFound) {
		return Key{}, ErrUnknownKey
	}
	if err != nil {
		return Key{}, fmt.Errorf("find access key: %w", err)
	}
	s.keys.Keep(accessKeyID, k, round)
	return k, nil
}

// caller is who signs with the key.
func (k *accessKey) caller(u *user) api.Caller {
	return api.Caller{
		Type: api.IAMUser, Account: k.Account, ARN: u.arn(k.Account), UserID: u.ID, Name: u.Name, AccessKeyID: k.ID,
	}
}

func (k *accessKey) status() types.StatusType {
	if k.Active {
		return types.StatusTypeActive
	}
	return types.StatusTypeInactive
}

// keysOf lists a user's keys, the oldest first.
func keysOf(tx *store.Tx, userID string) ([]*accessKey, error) {
	keys, err := accessKeys.By(tx, store.Scope{}, "user", userID, store.Page{})
	slices.SortStableFunc(keys, func(x, y *accessKey) int { return cmp.Or(x.Created.Compare(y.Created), cmp.Compare(x.ID, y.ID)) })
	return keys, err
}

// keyOf finds one key of a user, or answers NoSuchEntity.
func keyOf(tx *store.Tx, userID, id string) (*accessKey, error) {
	k, err := accessKeys.Get(tx, store.Scope{}, id)
	if err == nil && k.User != userID {
		err = store.ErrNotFound
	}
	return k, orNoSuch(err, "The Access Key with id %s cannot be found.", id)
}
