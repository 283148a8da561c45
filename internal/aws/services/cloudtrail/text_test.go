package cloudtrail

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"tamachi/internal/aws/api"
)

// record is the JSON text of an event, member by member as CloudTrail writes
// it. Source: CloudTrail User Guide, "CloudTrail record contents".
type record struct {
	EventVersion       string          `json:"eventVersion"`
	UserIdentity       identityJSON    `json:"userIdentity"`
	EventTime          string          `json:"eventTime"`
	EventSource        string          `json:"eventSource"`
	EventName          string          `json:"eventName"`
	AWSRegion          string          `json:"awsRegion"`
	SourceIPAddress    string          `json:"sourceIPAddress"`
	UserAgent          string          `json:"userAgent"`
	ErrorCode          string          `json:"errorCode,omitempty"`
	ErrorMessage       string          `json:"errorMessage,omitempty"`
	RequestParameters  json.RawMessage `json:"requestParameters"`
	ResponseElements   json.RawMessage `json:"responseElements"`
	RequestID          string          `json:"requestID,omitempty"`
	EventID            string          `json:"eventID"`
	ReadOnly           bool            `json:"readOnly"`
	Resources          []recordARN     `json:"resources,omitempty"`
	ServiceDetails     json.RawMessage `json:"serviceEventDetails,omitempty"`
	EventType          string          `json:"eventType"`
	ManagementEvent    bool            `json:"managementEvent"`
	RecipientAccountID string          `json:"recipientAccountId"`
	SharedEventID      string          `json:"sharedEventID,omitempty"`
	EventCategory      string          `json:"eventCategory"`
	TLSDetails         *tlsDetails     `json:"tlsDetails,omitempty"`
}

type recordARN struct {
	ARN       string `json:"ARN"`
	AccountID string `json:"accountId"`
	Type      string `json:"type,omitempty"`
}

type tlsDetails struct {
	Version string `json:"tlsVersion"`
	Cipher  string `json:"cipherSuite"`
	Host    string `json:"clientProvidedHostHeader"`
}

type identityJSON struct {
	Type           string       `json:"type,omitempty"`
	PrincipalID    string       `json:"principalId,omitempty"`
	ARN            string       `json:"arn,omitempty"`
	AccountID      string       `json:"accountId,omitempty"`
	AccessKeyID    string       `json:"accessKeyId,omitempty"`
	UserName       string       `json:"userName,omitempty"`
	SessionContext *sessionJSON `json:"sessionContext,omitempty"`
	InvokedBy      string       `json:"invokedBy,omitempty"`
}

type sessionJSON struct {
	SessionIssuer  *issuerJSON    `json:"sessionIssuer,omitempty"`
	Attributes     attributesJSON `json:"attributes"`
	SourceIdentity string         `json:"sourceIdentity,omitempty"`
}

type issuerJSON struct {
	Type        string `json:"type"`
	PrincipalID string `json:"principalId,omitempty"`
	ARN         string `json:"arn"`
	AccountID   string `json:"accountId,omitempty"`
	UserName    string `json:"userName,omitempty"`
}

type attributesJSON struct {
	CreationDate     string `json:"creationDate"`
	MFAAuthenticated string `json:"mfaAuthenticated"`
}

// What is written by hand must be what encoding/json makes of the same values,
// in the order of CloudTrail's own records.
func TestTextsWrittenByHandAreThoseOfEncodingJSON(t *testing.T) {
	odd := "\"quoted\" \\ 日本語 <&> \x01"
	for name, e := range map[string]*api.Event{
		"bare": {ID: "0195", Time: morning},
		"full": {
			ID: "0195", Time: morning.Add(1234567 * time.Nanosecond), Account: account, Region: region, Source: odd, Name: odd, ReadOnly: true,
			Caller: api.Caller{Type: api.AssumedRole, Account: account, ARN: odd, UserID: odd, Name: odd, AccessKeyID: odd, Session: &api.Session{
				Issued: morning, MFA: true, IssuerType: api.Role, IssuerARN: odd, IssuerID: odd, IssuerName: odd, SourceIdentity: odd,
			}},
			SourceIP: odd, UserAgent: odd, RequestID: odd, ErrorCode: odd, ErrorMessage: odd, InvokedBy: odd,
			Request: json.RawMessage(`{"a":[1,"2"]}`), Response: json.RawMessage(`{"b":null}`), Details: json.RawMessage(`{"c":{}}`),
			Resources: []string{"arn:aws:s3:::b", "arn:aws:ssm:ap-northeast-1:111122223333:parameter/a", "arn:aws:s3:::b", odd},
			TLS:       &api.TLS{Version: odd, Cipher: odd, Host: odd},
		},
	} {
		rec, _ := stored(e, e.Account, true)
		again := func(text []byte, into any) []byte {
			dec := json.NewDecoder(bytes.NewReader(text))
			dec.DisallowUnknownFields()
			if err := dec.Decode(into); err != nil {
				t.Fatalf("%s: %v in %s", name, err, text)
			}
			var b bytes.Buffer
			enc := json.NewEncoder(&b)
			enc.SetEscapeHTML(false)
			if err := enc.Encode(into); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
		}
		if want := again(rec.Record, &record{}); !bytes.Equal(want, rec.Record) {
			t.Errorf("%s: the record\nwant %s\ngot  %s", name, want, rec.Record)
		}
		if got, want := rec.text(), again(rec.text(), &event{}); !bytes.Equal(want, got) {
			t.Errorf("%s: what is stored\nwant %s\ngot  %s", name, want, got)
		}
	}
}
