package organizations

import (
	"encoding/json"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// home is the Region in which the service writes down what it does.
const home = "us-east-1"

// tell writes an event of the service itself into the trail of the management
// account, and hands it to the rules there: CreateAccountResult is where a new
// account's baseline begins. Source: Organizations User Guide, "Logging and
// monitoring in AWS Organizations".
func (s *Service) tell(tx *store.Tx, o *organization, at time.Time, name string, details map[string]any) error {
	text, err := json.Marshal(details)
	if err != nil {
		return err
	}
	return s.ports.Events.Tell(tx, &api.Event{
		ID: s.ids.TimeUUID(at), Time: at, Account: o.Management, Region: home, Source: "organizations.amazonaws.com", Name: name,
		SourceIP: internal, UserAgent: internal, Details: text,
	})
}

// internal is how CloudTrail names the service itself.
const internal = "AWS Internal"

// told is a request as such an event has it: names are not shown.
func (r *request) told() map[string]string {
	out := map[string]string{
		"id": r.ID, "state": r.State, "accountName": "****", "requestedTimestamp": spoken(r.Requested), "completedTimestamp": spoken(r.Completed),
	}
	if r.Account != "" {
		out["accountId"] = r.Account
	}
	if r.Failure != "" {
		out["failureReason"] = r.Failure
	}
	return out
}

func spoken(t time.Time) string { return t.Format("Jan 2, 2006 3:04:05 PM") }
