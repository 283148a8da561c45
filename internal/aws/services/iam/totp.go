package iam

import (
	"time"

	"tamachi/internal/proof"
)

// seen is a device as the checks of codes see it.
func (d *device) seen(check func(*proof.Device) bool) bool {
	p := proof.Device{Seed: d.Seed, Step: d.Step, Drift: d.Drift}
	ok := check(&p)
	d.Step, d.Drift = p.Step, p.Drift
	return ok
}

// accept takes one code, once.
func (d *device) accept(code string, now time.Time) bool {
	return d.seen(func(p *proof.Device) bool { return p.Accept(code, now) })
}

// synchronize takes two consecutive codes and learns how far the device's clock
// is off.
func (d *device) synchronize(first, second string, now time.Time) bool {
	return d.seen(func(p *proof.Device) bool { return p.Synchronize(first, second, now) })
}
