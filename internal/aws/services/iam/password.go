package iam

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/proof"
	"tamachi/internal/store"
)

// password is a user's login profile. The password itself is nowhere.
type password struct {
	User    string // the user's id
	Hash    string
	Former  []string // hashes of the passwords before, the latest first
	Created time.Time
	Changed time.Time
	Reset   bool // a new one is to be chosen at the next sign-in
}

var passwords = store.Table[password]{
	Name:  "iam.passwords",
	Reach: store.Account,
	Key:   func(p *password) string { return p.User },
}

// findPassword finds a user's login profile, or answers NoSuchEntity.
func findPassword(tx *store.Tx, sc store.Scope, u *user) (*password, error) {
	p, err := passwords.Get(tx, sc, u.ID)
	return p, orNoSuch(err, "Login Profile for User %s cannot be found.", u.Name)
}

func (p *password) shown(u *user) *types.LoginProfile {
	return &types.LoginProfile{UserName: &u.Name, CreateDate: &p.Created, PasswordResetRequired: p.Reset}
}

// replace puts a new hash in the place of the one that is there.
func (p *password) replace(hash string, now time.Time) {
	p.Former = append([]string{p.Hash}, p.Former...)
	if len(p.Former) > maxReuse {
		p.Former = p.Former[:maxReuse]
	}
	p.Hash, p.Changed = hash, now
}

// usedBefore tells whether a password is one of the last n, the present one
// included. It is slow.
func (p *password) usedBefore(plain string, n int) bool {
	all := slices.Insert(slices.Clone(p.Former), 0, p.Hash)
	return slices.ContainsFunc(all[:min(n, len(all))], func(hash string) bool { return proof.Matches(hash, plain) })
}

// hashOf is the slow hash of a password.
func (s *Service) hashOf(plain string) string {
	return proof.Hash(s.ids.Bytes(proof.SaltBytes), plain, proof.Slow())
}
