package iam

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/proof"
	"tamachi/internal/store"
)

// What a second factor can be refused for.
var (
	// ErrNoDevice reports a device that is not enabled for the caller.
	ErrNoDevice = errors.New("no such MFA device of this user")
	// ErrWrongCode reports a code that is wrong, was used before, or was one too
	// many.
	ErrWrongCode = errors.New("the code is wrong, or was used before")
)

// CheckMFA tells whether a code of a device that is enabled for the user who
// calls is good now. It does not use it up.
func (s *Service) CheckMFA(ctx context.Context, c *api.Caller, serial, code string) error {
	device := strings.ToLower(serial) // in any case it is one device, with one count of tries
	if !s.tries.allow(device, s.clock.Now()) {
		return ErrWrongCode
	}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		_, err := s.acceptMFA(tx, c, serial, code)
		return err
	})
	if err == nil {
		s.tries.clear(device)
	}
	return err
}

// UseMFA checks a code again and uses it up, in the transaction that makes the
// session. Call it after CheckMFA, which counts the tries.
func (s *Service) UseMFA(tx *store.Tx, c *api.Caller, serial, code string) error {
	d, err := s.acceptMFA(tx, c, serial, code)
	if err != nil {
		return err
	}
	return devices.Put(tx, store.Scope{Account: c.Account}, d)
}

// acceptMFA returns the device as it is when it has accepted the code.
func (s *Service) acceptMFA(tx *store.Tx, c *api.Caller, serial, code string) (*device, error) {
	d, err := findDevice(tx, store.Scope{Account: c.Account}, serial)
	if _, none := errors.AsType[*types.NoSuchEntityException](err); none {
		return nil, ErrNoDevice
	}
	if err != nil {
		return nil, err
	}
	if c.Type != api.IAMUser || d.User == "" || d.User != c.UserID {
		return nil, ErrNoDevice
	}
	if !d.accept(code, s.clock.Now()) {
		return nil, ErrWrongCode
	}
	return d, nil
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
	if step := proof.StepOf(now); t.made == nil || step != t.step {
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
