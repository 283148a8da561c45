package iam

import (
	"strings"
	"testing"
	"time"

	"tamachi/internal/proof"
)

func TestACodeIsAcceptedOnce(t *testing.T) {
	d := &device{Seed: []byte("12345678901234567890")}
	now := time.Unix(2000000000, 0)
	at := func(steps int64) string { return proof.Code(d.Seed, proof.StepOf(now)+steps) }
	for _, step := range []struct {
		name string
		code string
		want bool
	}{
		{"two steps early", at(2), false},
		{"two steps late", at(-2), false},
		{"no digits", "abcdef", false},
		{"too short", "", false},
		{"the step before", at(-1), true},
		{"the same again", at(-1), false},
		{"the present one", at(0), true},
		{"an older one that was not used", at(-1), false},
		{"the next one", at(1), true},
		{"the next one again", at(1), false},
	} {
		if got := d.accept(step.code, now); got != step.want {
			t.Errorf("%s: want %v, got %v", step.name, step.want, got)
		}
		d.Drift = 0
	}
}

func TestTwoCodesTellHowFarTheClockIsOff(t *testing.T) {
	seed, now := []byte("12345678901234567890"), time.Unix(2000000000, 0)
	here := proof.StepOf(now)
	for _, tc := range []struct {
		name          string
		first, second int64 // steps from now
		want          bool
	}{
		{"in step", -1, 0, true},
		{"five minutes behind", -11, -10, true},
		{"five minutes ahead", 9, 10, true},
		{"an hour behind", -121, -120, false},
		{"not consecutive", -2, 0, false},
		{"in the wrong order", 0, -1, false},
		{"twice the same", 0, 0, false},
	} {
		d := &device{Seed: seed}
		if got := d.synchronize(proof.Code(seed, here+tc.first), proof.Code(seed, here+tc.second), now); got != tc.want {
			t.Errorf("%s: want %v, got %v", tc.name, tc.want, got)
		}
		if !tc.want {
			continue
		}
		if d.synchronize(proof.Code(seed, here+tc.first), proof.Code(seed, here+tc.second), now) {
			t.Errorf("%s: the same codes were taken twice", tc.name)
		}
		if !d.accept(proof.Code(seed, here+tc.second+1), now) {
			t.Errorf("%s: the device's next code was not accepted", tc.name)
		}
	}
}

func TestOnlyAFewCodesAreTriedInAStep(t *testing.T) {
	var tries throttle
	now := time.Unix(2000000000, 0)
	for i := range triesPerStep + 3 {
		if got := tries.allow("a", now); got != (i < triesPerStep) {
			t.Errorf("try %d: allowed is %v", i, got)
		}
	}
	if !tries.allow("b", now) {
		t.Error("another device was refused")
	}
	if !tries.allow("a", now.Add(proof.Step)) {
		t.Error("the next step was refused")
	}
}

func FuzzAccept(f *testing.F) {
	f.Add("287082", int64(59), int64(0))
	f.Add("", int64(-1), int64(1<<62))
	f.Fuzz(func(t *testing.T, code string, unix, drift int64) {
		d := &device{Seed: []byte("12345678901234567890"), Drift: drift % 1000}
		now := time.Unix(unix%(1<<40), 0)
		for last := d.Step; d.accept(code, now); last = d.Step {
			if d.Step <= last || proof.Code(d.Seed, d.Step) != code {
				t.Fatalf("%q was accepted for step %d after step %d", code, d.Step, last)
			}
		}
		d.synchronize(code, code, now)
	})
}

func FuzzParseSerial(f *testing.F) {
	for _, s := range []string{"arn:aws:iam::111122223333:mfa/phone", "arn:aws:iam::111122223333:mfa/a/b/", "", "arn:aws:iam::1:mfa/", "GAHT12345678"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, serial string) {
		account, resource, ok := parseSerial(serial)
		if !ok {
			return
		}
		if at := strings.LastIndexByte(resource, '/'); entityARN(account, "mfa", resource[:at+1], resource[at+1:]) != serial {
			t.Errorf("%q was read as %q, %q", serial, account, resource)
		}
	})
}
