package iam

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/id"
	"tamachi/internal/proof"
)

func TestPoliciesJudgePasswords(t *testing.T) {
	strict := &passwordPolicy{Minimum: 10, Upper: true, Lower: true, Numbers: true, Symbols: true}
	for _, tc := range []struct {
		name, plain string
		rules       *passwordPolicy
		want        string // "" for a good one
	}{
		{"AWS's default takes three kinds", "Abcdefg1", nil, ""},
		{"AWS's default wants eight characters", "Abcdef1", nil, "Password should have a minimum length of 8"},
		{"AWS's default refuses two kinds", "abcdefg1", nil, nonconforming},
		{"a strict policy takes all kinds", "Abcdefgh1!", strict, ""},
		{"length counts characters, not bytes", "Abc1!éééé", strict, "Password should have a minimum length of 10"},
		{"a missing capital is told", "abcdefgh1!", strict, "Password should have at least one uppercase letter"},
		{"a missing small letter is told", "ABCDEFGH1!", strict, "Password should have at least one lowercase letter"},
		{"a missing number is told", "Abcdefghi!", strict, "Password should have at least one number"},
		{"a missing symbol is told", "Abcdefghi1", strict, "Password should have at least one symbol"},
		{"a space is no symbol", "Abcdefgh1 ", strict, "Password should have at least one symbol"},
		{"a policy that asks for nothing but length", "aaaaaa", &passwordPolicy{Minimum: 6}, ""},
	} {
		err := tc.rules.judge(tc.plain, "111122223333")
		got := ""
		if e, ok := errors.AsType[*types.PasswordPolicyViolationException](err); ok {
			got = *e.Message
		}
		if got != tc.want || (err == nil) != (tc.want == "") {
			t.Errorf("%s: want %q, got %v", tc.name, tc.want, err)
		}
	}
}

func TestHashesMatchTheirPasswordOnly(t *testing.T) {
	s := &Service{ids: id.Seeded(1)}
	hash := s.hashOf("correct horse")
	if hash == s.hashOf("correct horse") {
		t.Error("two hashes of a password are the same: there is no salt")
	}
	if !proof.Matches(hash, "correct horse") || proof.Matches(hash, "correct horsf") || proof.Matches(hash, "") {
		t.Error("the hash does not tell its password from others")
	}
	for _, broken := range []string{"", "plain", hash[:len(hash)-4]} {
		if proof.Matches(broken, "correct horse") {
			t.Errorf("%q matches", broken)
		}
	}
}

func TestFormerPasswordsAreRemembered(t *testing.T) {
	s := &Service{ids: id.Seeded(1)}
	p := &password{Hash: s.hashOf("one")}
	p.replace(s.hashOf("two"), noon)
	p.replace(s.hashOf("three"), noon)
	for n, want := range map[int][3]bool{0: {}, 1: {false, false, true}, 2: {false, true, true}, 24: {true, true, true}} {
		for i, plain := range []string{"one", "two", "three"} {
			if got := p.usedBefore(plain, n); got != want[i] {
				t.Errorf("%s among the last %d: want %v, got %v", plain, n, want[i], got)
			}
		}
	}
	for range 30 {
		p.replace("x", noon)
	}
	if len(p.Former) != maxReuse {
		t.Errorf("want %d kept, got %d", maxReuse, len(p.Former))
	}
}

func TestPasswordsExpire(t *testing.T) {
	var none *passwordPolicy
	if !none.expires(noon).IsZero() || !(&passwordPolicy{}).expires(noon).IsZero() {
		t.Error("a password expires without an age")
	}
	if got := (&passwordPolicy{MaxAge: 30}).expires(noon); !got.Equal(noon.Add(30 * 24 * time.Hour)) {
		t.Errorf("want 30 days later, got %v", got)
	}
}
