package proof

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 6238's default, and what authenticator apps expect
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"time"
)

// The parameters of AWS's virtual devices, which are RFC 6238's defaults.
const (
	// Step is how long a code is shown.
	Step = 30 * time.Second
	// SeedBytes is how long a seed is: 64 characters in base32, as AWS's seeds.
	SeedBytes = 40
	// near is how far a device's clock may be off when it signs in, in steps.
	near = 1
	// far is how far it may be off when it is enabled or brought in step.
	far = 20
)

// Device is what is known of an authenticator app.
type Device struct {
	Seed  []byte // secret
	Step  int64  // of the last code that was accepted
	Drift int64  // how far its clock is off, in steps
}

// Code is the code of a time step (RFC 6238, RFC 4226 section 5.3).
func Code(seed []byte, step int64) string {
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(step))
	h := hmac.New(sha1.New, seed)
	h.Write(counter[:])
	sum := h.Sum(nil)
	at := sum[len(sum)-1] & 0x0f
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at:at+4])&0x7fffffff)%1e6)
}

// StepOf is the time step of a moment.
func StepOf(t time.Time) int64 { return t.Unix() / int64(Step/time.Second) }

// Accept takes one code and remembers it: neither it nor an earlier one is
// accepted again. The device's clock may be near where it was last seen.
func (d *Device) Accept(code string, now time.Time) bool {
	for _, off := range []int64{0, -near, near} {
		step := StepOf(now) + d.Drift + off
		if step > d.Step && same(Code(d.Seed, step), code) {
			d.Step, d.Drift = step, step-StepOf(now)
			return true
		}
	}
	return false
}

// Synchronize takes two consecutive codes and learns from them how far the
// device's clock is off (RFC 6238, section 6).
func (d *Device) Synchronize(first, second string, now time.Time) bool {
	for off := range int64(far) {
		for _, step := range []int64{StepOf(now) - off, StepOf(now) + off} {
			if step-1 > d.Step && same(Code(d.Seed, step-1), first) && same(Code(d.Seed, step), second) {
				d.Step, d.Drift = step, step-StepOf(now)
				return true
			}
		}
	}
	return false
}

func same(x, y string) bool { return subtle.ConstantTimeCompare([]byte(x), []byte(y)) == 1 }
