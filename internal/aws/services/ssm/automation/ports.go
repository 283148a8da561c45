package automation

import (
	"context"
	"encoding/json"
	"time"

	"tamachi/internal/aws/api"
)

// Actor is in whose name an execution acts.
type Actor struct {
	Account, Region string
	Execution       string     // its ARN
	Role            string     // ARN of the role that it assumes; empty: the starter's own rights
	Caller          api.Caller // who started it
}

// Plane makes calls of the API.
type Plane interface {
	// Call makes a call whose operation and members have the names of the model;
	// request becomes its id. The error is what its caller would be answered.
	Call(ctx context.Context, who Actor, request, service, operation string, input json.RawMessage) (json.RawMessage, error)
	// Made finds out whether a call that changes something was made: found is
	// false when the trail has none with this id since a time. failure is what it
	// was answered with. Members that are secret are missing from output.
	Made(ctx context.Context, who Actor, request string, since time.Time) (output json.RawMessage, failure error, found bool, err error)
}
