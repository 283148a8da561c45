package cloudwatch

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Action is what an alarm asks of another service because its state changed.
type Action struct {
	ARN     string // of what is to be done: a topic, a severity of OpsItems
	Account string
	Region  string
	Alarm   string // its ARN
	From    types.StateValue
	To      types.StateValue
	Reason  string
	At      time.Time
	Subject string // of a message about it
	Message string // JSON, as topics get it
}

// Actions carries out what alarms ask for. It may be asked again after a crash.
type Actions interface {
	// Act says why it could not; the alarm's history tells it.
	Act(ctx context.Context, a Action) error
}

// Ports are what the room asks of the house.
type Ports struct {
	Actions Actions
	Events  Events // nil where nobody listens
}

// Events takes what happens over in the transaction that it tells of. The room
// eventbridge does.
type Events interface {
	Emit(tx *store.Tx, sc store.Scope, o api.Occurrence) error
}
