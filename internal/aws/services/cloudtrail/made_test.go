package cloudtrail

import (
	"encoding/json"
	"testing"

	"tamachi/internal/aws/api"
)

func TestACallIsFoundBehindManyOfItsCaller(t *testing.T) {
	f := open(t)
	sought := f.record(t, func(e *api.Event) {
		e.Name, e.ErrorCode, e.ErrorMessage, e.RequestID = "DeleteUser", "NoSuchEntity", "no", "11111111-2222-4333-8444-555555555555"
		e.Region, e.Source = globalRegion, "iam.amazonaws.com"
	})
	for range 2*madeAtOnce + 1 {
		f.record(t, func(e *api.Event) {
			e.Region, e.Source, e.Request = globalRegion, "iam.amazonaws.com", json.RawMessage(`{"requestID":"`+sought.RequestID+`"}`) // what it is not mistaken for
		})
	}
	for name, tc := range map[string]struct {
		q    Sought
		want bool
	}{
		"by the name of its caller":  {Sought{Username: "office-night", Since: morning}, true},
		"by its access key":          {Sought{AccessKey: "ASIAEXAMPLE", Since: morning}, true},
		"by another caller":          {Sought{Username: "administrator", Since: morning}, false},
		"since a time that is later": {Sought{Username: "office-night", Since: morning.Add(1e9)}, false},
	} {
		tc.q.Account, tc.q.Region, tc.q.RequestID = account, region, sought.RequestID
		made, found, err := f.Made(t.Context(), tc.q)
		if err != nil || found != tc.want || found && (made.Event != "DeleteUser" || made.ErrorCode != "NoSuchEntity") {
			t.Errorf("%s: want found %v, got %+v %v, %v", name, tc.want, made, found, err)
		}
	}
}
