package guard

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// plainly is a record as encoding/json reads it.
type plainly struct {
	EventTime       time.Time      `json:"eventTime"`
	EventName       string         `json:"eventName"`
	SourceIPAddress string         `json:"sourceIPAddress"`
	ErrorCode       string         `json:"errorCode"`
	TLS             map[string]any `json:"tlsDetails"`
	UserIdentity    struct {
		ARN            string `json:"arn"`
		AccountID      string `json:"accountId"`
		SessionContext struct {
			SessionIssuer struct {
				ARN string `json:"arn"`
			} `json:"sessionIssuer"`
			Attributes struct {
				MFA string `json:"mfaAuthenticated"`
			} `json:"attributes"`
		} `json:"sessionContext"`
	} `json:"userIdentity"`
}

// TestRecordsAreReadAsTheyAre compares the records of a file with what
// encoding/json says, in one piece and byte by byte.
func TestRecordsAreReadAsTheyAre(t *testing.T) {
	text := lines(2000)
	var file struct{ Records []plainly }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string]io.Reader{"in one piece": bytes.NewReader(text), "byte by byte": iotest.OneByteReader(bytes.NewReader(text))} {
		i := 0
		err := records(in, func(r *Record) {
			k := &file.Records[i]
			i++
			got := []any{r.EventTime, r.EventName, r.SourceIPAddress, r.TLS, r.UserIdentity.ARN, r.UserIdentity.AccountID, r.UserIdentity.Issuer, r.UserIdentity.MFA, len(r.Resources)}
			session := &k.UserIdentity.SessionContext
			want := []any{k.EventTime, k.EventName, k.SourceIPAddress, k.TLS != nil, k.UserIdentity.ARN, k.UserIdentity.AccountID, session.SessionIssuer.ARN, session.Attributes.MFA, 1}
			if d := cmp.Diff(want, got); d != "" {
				t.Fatalf("%s, record %d: %s", name, i, d)
			}
		})
		if err != nil || i != 2000 {
			t.Errorf("%s: want 2000 records, got %d, %v", name, i, err)
		}
	}
}

func TestRecordsThatAreNone(t *testing.T) {
	for _, text := range []string{
		``, `{`, `{"Records":`, `{"Records":[`, `{"Records":[{]`, `{"Records":[{"eventTime":7}]}`, `{"Records":[{"eventTime":"today"}]}`, `{"Records":[{"eventName":"x"`,
		`{"Records":[7]}`, `{"Records":[{"a":}]}`, `{"Other":[]}`, `{"Records":[{"a" 1}]}`, `{"Records":[{"a":"\`,
	} {
		if err := records(bytes.NewReader([]byte(text)), func(*Record) {}); err == nil {
			t.Errorf("%s: want an error", text)
		}
	}
	if err := records(bytes.NewReader([]byte(`{"Records":[]}`)), func(*Record) { t.Error("a record of nothing") }); err != nil {
		t.Error(err)
	}
}

// Whatever a record holds, what is read of it is what encoding/json reads, and
// trying a policy on it ends.
func FuzzScan(f *testing.F) {
	for _, text := range []string{
		event("ssm:GetParameter", "198.51.100.7", deploy), `{"userIdentity":{"sessionContext":{}},"resources":[{}]}`, `{"eventName":"\u0041\"","tlsDetails":null}`,
		`{"eventName":null,"x":[[{"y":"}"}]],"errorCode":"AccessDenied"}`, `{"eventName":"` + "\xff" + `"}`, `{} `, `{"eventTime":"2026-11-20T09:00:00.5+09:00"}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := readRecord(text)
		var k plainly
		dec := json.NewDecoder(bytes.NewReader(text))
		if strict := dec.Decode(&k); strict != nil || err != nil || dec.More() {
			return
		}
		var names map[string]json.RawMessage
		if err := json.Unmarshal(text, &names); err != nil || len(names) > 1 {
			return // names in other cases, or twice, are read otherwise
		}
		if _, ok := names["eventName"]; ok && r.EventName != k.EventName {
			t.Errorf("want %q, got %q", k.EventName, r.EventName)
		}
		if _, ok := names["eventTime"]; ok && !r.EventTime.Equal(k.EventTime) {
			t.Errorf("want %s, got %s", k.EventTime, r.EventTime)
		}
	})
}
