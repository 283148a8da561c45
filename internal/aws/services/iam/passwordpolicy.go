package iam

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/store"
)

// passwordPolicy is what an account asks of its users' passwords.
type passwordPolicy struct {
	Minimum    int32
	Symbols    bool
	Numbers    bool
	Upper      bool
	Lower      bool
	MayChange  bool  // users may change their own
	MaxAge     int32 // days; 0 for ever
	Reuse      int32 // how many former passwords may not come again
	HardExpiry bool  // an expired one cannot be changed by its user
}

const (
	policyKey = "policy"
	maxReuse  = 24
)

var passwordPolicies = store.Table[passwordPolicy]{
	Name:  "iam.passwordpolicies",
	Reach: store.Account,
	Key:   func(*passwordPolicy) string { return policyKey },
}

// symbols are those that AWS counts (IAM API Reference,
// UpdateAccountPasswordPolicy).
const symbols = "!@#$%^&*()_+-=[]{}|'"

// findPolicy returns the account's own policy; nil when it has none.
func findPolicy(tx *store.Tx, sc store.Scope) (*passwordPolicy, error) {
	p, err := passwordPolicies.Get(tx, sc, policyKey)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return p, err
}

// expires is when a password of an age ends; zero for never.
func (p *passwordPolicy) expires(changed time.Time) time.Time {
	if p == nil || p.MaxAge == 0 {
		return time.Time{}
	}
	return changed.AddDate(0, 0, int(p.MaxAge))
}

// judge refuses a password that the policy does not allow. Where an account has
// none, AWS's default holds: 8 characters of three kinds, and not the account's
// name (IAM User Guide, "Set an account password policy for IAM users").
func (p *passwordPolicy) judge(plain, account string) error {
	k := kindsOf(plain)
	if p == nil {
		if len([]rune(plain)) < 8 {
			return weak("Password should have a minimum length of 8")
		}
		if k.count() < 3 || plain == account {
			return weak(nonconforming)
		}
		return nil
	}
	for _, rule := range []struct {
		broken bool
		text   string
	}{
		{len([]rune(plain)) < int(p.Minimum), fmt.Sprintf("Password should have a minimum length of %d", p.Minimum)},
		{p.Upper && !k.upper, "Password should have at least one uppercase letter"},
		{p.Lower && !k.lower, "Password should have at least one lowercase letter"},
		{p.Numbers && !k.number, "Password should have at least one number"},
		{p.Symbols && !k.symbol, "Password should have at least one symbol"},
	} {
		if rule.broken {
			return weak(rule.text)
		}
	}
	return nil
}

const nonconforming = "Password does not conform to the account password policy."

func weak(text string) error { return &types.PasswordPolicyViolationException{Message: &text} }

// kinds are the kinds of characters in a password.
type kinds struct{ upper, lower, number, symbol bool }

func kindsOf(plain string) kinds {
	return kinds{
		upper:  strings.ContainsAny(plain, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
		lower:  strings.ContainsAny(plain, "abcdefghijklmnopqrstuvwxyz"),
		number: strings.ContainsAny(plain, "0123456789"),
		symbol: strings.ContainsAny(plain, symbols),
	}
}

func (k kinds) count() int {
	n := 0
	for _, has := range []bool{k.upper, k.lower, k.number, k.symbol} {
		if has {
			n++
		}
	}
	return n
}
