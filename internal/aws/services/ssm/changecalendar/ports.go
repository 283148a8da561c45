package changecalendar

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Ports is what the room asks of its wing.
type Ports struct {
	Documents Documents
}

// Documents knows the documents of calendars; the room documents does.
type Documents interface {
	// Calendar is the text of the calendar that a caller names by a name or an
	// ARN; its errors are the API's.
	Calendar(tx *store.Tx, caller store.Scope, written string) (string, error)
	// Check is the check of an action on the document that a name or ARN means.
	Check(ctx context.Context, action, written string) ([]api.Check, error)
}
