package cloudtrail

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"tamachi/internal/aws/api"
)

func TestARecordIsBoundedWhateverTheCallerSends(t *testing.T) {
	f := open(t)
	f.record(t, func(e *api.Event) {
		e.UserAgent, e.ErrorCode = strings.Repeat("u", 30_000), "ValidationException"
		e.ErrorMessage = "x" + strings.Repeat("駅", 300_000)
		e.Request = json.RawMessage(`{"userName":"` + strings.Repeat("x", 1_000_000) + `"}`)
		e.Response = json.RawMessage(`{"a":"` + strings.Repeat("y", 1_000_000) + `"}`)
		e.Resources = []string{"arn:aws:ds:ap-northeast-1:" + account + ":directory/" + strings.Repeat("d", 500_000)}
	})
	short := f.record(t, func(e *api.Event) { e.ErrorMessage, e.Request = strings.Repeat("z", 1024), json.RawMessage(`{"a":1}`) })
	out, err := f.lookup(t, &cloudtrail.LookupEventsInput{})
	if err != nil || len(out.Events) != 2 {
		t.Fatalf("want two events, got %v, %v", out, err)
	}
	text := *out.Events[1].CloudTrailEvent
	if len(text) > 8<<10 || !utf8.ValidString(text) {
		t.Errorf("want a record of valid text and some KiB, got %d bytes", len(text))
	}
	var r record
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.UserAgent) != 1024 || len(r.ErrorMessage) != 1024 || strings.ContainsRune(r.ErrorMessage, utf8.RuneError) {
		t.Errorf("want user agent and message cut at 1,024 bytes between characters, got %d and %d bytes", len(r.UserAgent), len(r.ErrorMessage))
	}
	if string(r.RequestParameters) != "null" || string(r.ResponseElements) != "null" {
		t.Errorf("want parameters and elements of 1 MB left out, got %d and %d bytes", len(r.RequestParameters), len(r.ResponseElements))
	}
	var whole record
	if err := json.Unmarshal([]byte(*out.Events[0].CloudTrailEvent), &whole); err != nil {
		t.Fatal(err)
	}
	if whole.ErrorMessage != short.ErrorMessage || string(whole.RequestParameters) != `{"a":1}` {
		t.Errorf("want what is within the limits whole, got %+v", whole)
	}
}
