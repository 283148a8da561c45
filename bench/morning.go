package main

import (
	"context"
	"fmt"
	"time"
)

// morningOffice runs the morning check over the sample office as a person
// does: a new process each time.
func morningOffice(ctx context.Context, p *plane) ([]figure, error) {
	var took []time.Duration
	for range p.settings.rounds {
		_, d, err := p.tamachi(ctx, "morning")
		if err != nil {
			return nil, err
		}
		took = append(took, d)
	}
	_, fix, err := p.tamachi(ctx, "morning", "--fix", "--yes")
	if err != nil {
		return nil, err
	}
	return []figure{
		millis("morning over the sample office", "5 s", took, "the whole command"),
		millis("morning --fix of its two desktops", "", []time.Duration{fix}, "terminates 2, creates 2, waits, verifies"),
	}, nil
}

// morningFleet runs it over a plane with very many recorded desktops of the
// fake provider.
func morningFleet(ctx context.Context, s settings) ([]figure, error) {
	f, err := startFleet(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("make %d desktops: %w", s.desktops, err)
	}
	var took []time.Duration
	for range 3 {
		_, d, err := tamachi(ctx, s.binary, f.env, "morning")
		if err != nil {
			return nil, f.stop(err)
		}
		took = append(took, d)
	}
	name := fmt.Sprintf("morning over %d recorded desktops", s.desktops)
	return []figure{millis(name, "10 s", took, "made through the API over the fake provider in "+f.took.Round(time.Second).String())}, f.stop(nil)
}
