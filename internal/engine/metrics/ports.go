package metrics

import (
	"context"
	"time"

	"tamachi/internal/desktops"
)

// Room is the room of the desktops.
type Room interface {
	// All returns every desktop, in all accounts and Regions.
	All(ctx context.Context) ([]desktops.Job, error)
}

// Meter tells what a desktop uses; each desktops.Provider does.
type Meter interface {
	Usage(ctx context.Context, id string) (desktops.Usage, error)
}

// Sample is a measured value of a desktop.
type Sample struct {
	Account     string
	Region      string
	ID          string // ws-...
	DirectoryID string
	// What the desktop was then, in the API's words.
	Bundle, Compute, RunningMode string

	Metric string
	Unit   string
	At     time.Time // begin of the minute
	Value  float64
}

// Records keeps what was measured.
type Records interface {
	Record(ctx context.Context, samples []Sample) error
}

// Ports are what the engine asks of the house.
type Ports struct {
	Room    Room
	Meter   Meter
	Records Records
}
