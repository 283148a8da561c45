package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// passwordFacts are what a change of password is decided on. They are read
// before it, because hashing is too slow for a transaction.
type passwordFacts struct {
	user     *user
	password *password
	rules    *passwordPolicy // nil for AWS's default
}

func (s *Service) passwordOf(ctx context.Context, call *api.Call, name string) (passwordFacts, error) {
	var f passwordFacts
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		if f.user, err = findUser(tx, store.Scope{Account: call.Account}, name); err != nil {
			return err
		}
		if f.password, err = findPassword(tx, store.Scope{Account: call.Account}, f.user); err != nil {
			return err
		}
		f.rules, err = findPolicy(tx, store.Scope{Account: call.Account})
		return err
	})
	return f, err
}

// changePassword puts a new password (none, when plain is nil) and what else
// the caller wants into the login profile that the facts are about.
func (s *Service) changePassword(ctx context.Context, call *api.Call, f passwordFacts, plain *string, also func(*password)) error {
	hash := ""
	if plain != nil {
		if err := f.rules.judge(*plain, call.Account); err != nil {
			return err
		}
		if f.rules != nil && f.password.usedBefore(*plain, int(f.rules.Reuse)) {
			return weak(nonconforming)
		}
		hash = s.hashOf(*plain)
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		p, err := findPassword(tx, store.Scope{Account: call.Account}, f.user)
		if err != nil {
			return err
		}
		if p.Hash != f.password.Hash {
			return &types.EntityTemporarilyUnmodifiableException{
				Message: new("Login Profile for User " + f.user.Name + " cannot be modified while login profile is being updated."),
			}
		}
		if hash != "" {
			p.replace(hash, moment(call))
		}
		also(p)
		return passwords.Put(tx, store.Scope{Account: call.Account}, p)
	})
}
