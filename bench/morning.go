package main

import (
	"context"
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
	return []figure{millis("morning over the sample office", "5 s", took, "the whole command")}, nil
}
