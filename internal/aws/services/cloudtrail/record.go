package cloudtrail

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
)

// record is the JSON text of an event, member by member as CloudTrail writes
// it. Source: CloudTrail User Guide, "CloudTrail record contents".
type record struct {
	EventVersion       string          `json:"eventVersion"`
	UserIdentity       identity        `json:"userIdentity"`
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
	RequestID          string          `json:"requestID"`
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

// The types of event. Source: CloudTrail User Guide, "CloudTrail record
// contents", eventType.
const (
	apiCall      = "AwsApiCall"
	serviceEvent = "AwsServiceEvent" // of the service itself: nobody called
)

// recordVersion is the format that this package writes.
const recordVersion = "1.11"

var null = json.RawMessage("null")

// text is the record of an event in the trail of an account and Region.
func text(e *api.Event, who identity, eventID, owner, region, sharedID string) json.RawMessage {
	r := record{
		EventVersion: recordVersion, UserIdentity: who,
		EventTime: e.Time.UTC().Format(time.RFC3339), EventSource: e.Source, EventName: e.Name, AWSRegion: region,
		SourceIPAddress: e.SourceIP, UserAgent: cut(e.UserAgent), ErrorCode: e.ErrorCode, ErrorMessage: cut(e.ErrorMessage),
		RequestParameters: orNull(fit(discreet(e, requests, e.Request))),
		ResponseElements:  orNull(fit(discreet(e, responses, e.Response))),
		RequestID:         e.RequestID, EventID: eventID, ReadOnly: e.ReadOnly, EventType: apiCall,
		ManagementEvent: true, RecipientAccountID: owner, SharedEventID: sharedID, EventCategory: "Management",
	}
	if len(e.Details) > 0 {
		r.EventType, r.ServiceDetails = serviceEvent, fit(e.Details)
	}
	if e.TLS != nil {
		r.TLSDetails = &tlsDetails{e.TLS.Version, e.TLS.Cipher, cut(e.TLS.Host)}
	}
	for _, a := range e.Resources {
		_, kind := resource(a)
		shown := recordARN{ARN: cut(keyable(a)), AccountID: accountOf(a, e.Account), Type: kind}
		if !slices.Contains(r.Resources, shown) { // several actions may be about one resource
			r.Resources = append(r.Resources, shown)
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // a record is no web page
	if enc.Encode(r) != nil {
		// Only a request that is no JSON gets here; show the event without it.
		r.RequestParameters, r.ResponseElements = null, null
		b.Reset()
		_ = enc.Encode(r)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// accountOf is the account that an ARN names, else the caller's.
func accountOf(arnText, callers string) string {
	if a, err := arn.Parse(arnText); err == nil && a.Account != "" {
		return a.Account
	}
	return callers
}

func orNull(m json.RawMessage) json.RawMessage {
	if len(m) == 0 {
		return null
	}
	return m
}
