package gate

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/model"
)

// Recorder keeps the trail. The cloudtrail room is one.
type Recorder interface {
	// Attach returns a context under which every committed change also writes
	// the event, in the same transaction.
	Attach(ctx context.Context, e *api.Event) context.Context
	// Record writes an event and returns when it is durable.
	Record(ctx context.Context, e *api.Event) error
	// Later writes an event within a second; one that is there already under
	// the same id is replaced.
	Later(ctx context.Context, e *api.Event)
}

// Models finds the model table of a service; model.Load is one.
type Models func(service string) (*model.Service, error)
