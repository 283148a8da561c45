package local

import (
	"context"
	"fmt"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/fabric"
)

// Arrange makes the customer's networks what n says and joins the desktops that
// run to theirs.
func (p *Provider) Arrange(ctx context.Context, n desktops.Networks) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := p.ground.arrange(n, p.machines); err != nil {
		return fmt.Errorf("arrange the networks of desktops: %w", err)
	}
	return nil
}

// machines are the desktops that run.
func (p *Provider) machines() map[string]fabric.Machine {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := map[string]fabric.Machine{}
	for id, d := range p.desktops {
		if live := d.instance(); live != nil && live.process != nil && live.process.alive() {
			out[id] = fabric.Machine{Lease: d.lease, PID: live.run.PID}
		}
	}
	return out
}
