package iam

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ErrMFA reports a code that was not accepted: the device is none of the
// caller's, the code is wrong or was used before, or too many were tried.
var ErrMFA = errors.New("the code of the MFA device was not accepted")

// VerifyMFA takes a code of a device that is enabled for the user who calls. A
// code that was accepted is spent, whatever comes of the call.
func (s *Service) VerifyMFA(ctx context.Context, c *api.Caller, serial, code string) error {
	now := s.clock.Now()
	serial = strings.ToLower(serial) // one device, one count of tries
	if !s.tries.allow(serial, now) {
		return ErrMFA
	}
	sc := store.Scope{Account: c.Account}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		d, err := findDevice(tx, sc, serial)
		if _, none := errors.AsType[*types.NoSuchEntityException](err); none {
			return ErrMFA
		}
		if err != nil {
			return err
		}
		if c.Type != api.IAMUser || d.User == "" || d.User != c.UserID || !d.accept(code, now) {
			return ErrMFA
		}
		return devices.Put(tx, sc, d)
	})
	if err == nil {
		s.tries.clear(serial)
	}
	return err
}

// triesPerStep is how many codes of a device are looked at in a time step: six
// digits are few (RFC 4226, section 7.3).
const triesPerStep = 5

// throttle counts tries of codes by device.
type throttle struct {
	mu   sync.Mutex
	step int64          // guarded by mu
	made map[string]int // guarded by mu; in this step
}

func (t *throttle) allow(serial string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if step := stepOf(now); t.made == nil || step != t.step {
		t.step, t.made = step, make(map[string]int)
	}
	t.made[serial]++
	return t.made[serial] <= triesPerStep
}

func (t *throttle) clear(serial string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.made, serial)
}
