package proof

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// The codes of RFC 6238, appendix B, of which the last six digits are those of
// a six-digit code.
func TestCodesAreThoseOfTheRFC(t *testing.T) {
	seed := []byte("12345678901234567890")
	for unix, code := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if got := Code(seed, StepOf(time.Unix(unix, 0))); got != code {
			t.Errorf("at %d: want %s, got %s", unix, code, got)
		}
	}
}

// cheap is a cost for tests.
var cheap = Cost{KiB: 8, Rounds: 1}

func TestHashes(t *testing.T) {
	salt := bytes.Repeat([]byte{7}, SaltBytes)
	hash := Hash(salt, "Sesame-1", cheap)
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=8,t=1,p=1$") || strings.Contains(hash, "Sesame") || !IsHash(hash) {
		t.Errorf("want name, cost, salt and sum, got %q", hash)
	}
	for password, want := range map[string]bool{"Sesame-1": true, "Sesame-": false, "sesame-1": false, "": false} {
		if got := Matches(hash, password); got != want {
			t.Errorf("%q: want %v, got %v", password, want, got)
		}
	}
	if hash == Hash(bytes.Repeat([]byte{8}, SaltBytes), "Sesame-1", cheap) {
		t.Error("want another hash with another salt")
	}
	if slow := Hash(salt, "Sesame-1", Slow()); !Matches(slow, "Sesame-1") || Matches(slow, "Sesame-2") {
		t.Errorf("want the slow one to match its own, got %q", slow)
	}
	for _, bad := range []string{
		"", "x", "$argon2id$v=19$", hash[:len(hash)-4], hash + "$", strings.Replace(hash, "m=8", "m=0", 1),
		strings.Replace(hash, "m=8", "m=4294967295", 1), strings.Replace(hash, "m=8", "m=08", 1), strings.Replace(hash, "t=1", "t=17", 1),
		strings.Replace(hash, "p=1", "p=2", 1), strings.Replace(hash, "v=19", "v=16", 1), strings.Replace(hash, "BwcH", "!", 1),
	} {
		if IsHash(bad) || Matches(bad, "Sesame-1") {
			t.Errorf("%q: want no hash", bad)
		}
	}
}

func FuzzParseHash(f *testing.F) {
	salt := bytes.Repeat([]byte{7}, SaltBytes)
	f.Add(Hash(salt, "Sesame-1", cheap))
	f.Add("$argon2id$v=19$m=8,t=1,p=1$$")
	f.Fuzz(func(t *testing.T, text string) {
		c, salt, sum, err := parseHash(text)
		if err == nil && (c.KiB > mostKiB || c.Rounds > mostRounds || len(salt) != SaltBytes || len(sum) != hashBytes) {
			t.Errorf("%q: a hash of too much: %+v", text, c)
		}
	})
}

func FuzzAccept(f *testing.F) {
	f.Add("287082", int64(59), int64(0))
	f.Fuzz(func(t *testing.T, code string, unix, drift int64) {
		d := &Device{Seed: []byte("12345678901234567890"), Drift: drift % 1000}
		now := time.Unix(unix%(1<<40), 0)
		for last := d.Step; d.Accept(code, now); last = d.Step {
			if d.Step <= last || Code(d.Seed, d.Step) != code {
				t.Fatalf("%q was accepted for step %d after step %d", code, d.Step, last)
			}
		}
	})
}
