package iam

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"golang.org/x/crypto/argon2"

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
	return slices.ContainsFunc(all[:min(n, len(all))], func(hash string) bool { return matches(hash, plain) })
}

// The cost of a hash: the second recommended option of RFC 9106 with the
// memory that OWASP's "Password Storage Cheat Sheet" asks for at least.
const (
	hashRounds = 2
	hashKiB    = 19 * 1024
	hashLanes  = 1
	hashBytes  = 32
	hashHead   = "$argon2id$v=19$m=19456,t=2,p=1$"
)

// hashOf is the slow hash of a password in the PHC string format.
func (s *Service) hashOf(plain string) string {
	salt := s.ids.Bytes(16)
	sum := argon2.IDKey([]byte(plain), salt, hashRounds, hashKiB, hashLanes, hashBytes)
	return hashHead + base64.RawStdEncoding.EncodeToString(salt) + "$" + base64.RawStdEncoding.EncodeToString(sum)
}

// matches tells whether a password has the hash.
func matches(hash, plain string) bool {
	salt, sum, err := parseHash(hash)
	if err != nil {
		return false
	}
	return subtle.ConstantTimeCompare(sum, argon2.IDKey([]byte(plain), salt, hashRounds, hashKiB, hashLanes, hashBytes)) == 1
}

func parseHash(hash string) (salt, sum []byte, err error) {
	rest, ok := strings.CutPrefix(hash, hashHead)
	left, right, cut := strings.Cut(rest, "$")
	if !ok || !cut {
		return nil, nil, errors.New("not a hash of this form")
	}
	salt, err = base64.RawStdEncoding.DecodeString(left)
	if err != nil {
		return nil, nil, fmt.Errorf("read the salt: %w", err)
	}
	sum, err = base64.RawStdEncoding.DecodeString(right)
	if err != nil {
		return nil, nil, fmt.Errorf("read the hash: %w", err)
	}
	return salt, sum, nil
}
