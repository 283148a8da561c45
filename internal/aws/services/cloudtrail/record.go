package cloudtrail

import (
	"encoding/json"
	"slices"
	"time"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
)

// The types of event. Source: CloudTrail User Guide, "CloudTrail record
// contents", eventType.
const (
	apiCall      = "AwsApiCall"
	serviceEvent = "AwsServiceEvent" // of the service itself: nobody called
)

// recordVersion is the format that this package writes.
const recordVersion = "1.11"

// text is the record of an event in the trail of an account and Region, member
// by member as CloudTrail writes it. Source: CloudTrail User Guide, "CloudTrail
// record contents".
//
// It is written by hand: encoding/json took six times as long, and a record is
// made for every call. gap is where responseElements stands.
func text(e *api.Event, who identity, eventID, owner, region, sharedID string) (record json.RawMessage, gap int) {
	o := object{make([]byte, 0, 1024+len(e.Request)+len(e.Response))}
	o.text("eventVersion", recordVersion)
	o.name("userIdentity")
	who.write(&o)
	o.text("eventTime", e.Time.UTC().Format(time.RFC3339))
	o.text("eventSource", e.Source)
	o.text("eventName", e.Name)
	o.text("awsRegion", region)
	o.text("sourceIPAddress", e.SourceIP)
	o.text("userAgent", cut(e.UserAgent))
	o.given("errorCode", e.ErrorCode)
	o.given("errorMessage", cut(e.ErrorMessage))
	o.json("requestParameters", fit(discreet(e, requests, e.Request)))
	gap = len(o.b) + len(`,"responseElements":`)
	o.json("responseElements", fit(discreet(e, responses, e.Response)))
	o.given("requestID", e.RequestID)
	o.text("eventID", eventID)
	o.truth("readOnly", e.ReadOnly)
	o.resources(e)
	kind := apiCall
	if len(e.Details) > 0 {
		kind = serviceEvent
		o.json("serviceEventDetails", fit(e.Details))
	}
	o.text("eventType", kind)
	o.truth("managementEvent", true)
	o.text("recipientAccountId", owner)
	o.given("sharedEventID", sharedID)
	o.text("eventCategory", "Management")
	if e.TLS != nil {
		o.name("tlsDetails")
		o.begin()
		o.text("tlsVersion", e.TLS.Version)
		o.text("cipherSuite", e.TLS.Cipher)
		o.text("clientProvidedHostHeader", cut(e.TLS.Host))
		o.end()
	}
	o.end()
	return o.b, gap
}

// Text is the record of an event as the trail of its own account and Region has
// it, for those who are told of it.
func Text(e *api.Event) json.RawMessage {
	record, _ := text(e, userIdentity(e), e.ID, e.Account, e.Region, "")
	return record
}

// resources writes the resources that an event is about, each once: several
// actions may be about one.
func (o *object) resources(e *api.Event) {
	if len(e.Resources) == 0 {
		return
	}
	o.name("resources")
	o.b = append(o.b, '[')
	for i, a := range e.Resources {
		if slices.Contains(e.Resources[:i], a) {
			continue
		}
		if i > 0 {
			o.b = append(o.b, ',')
		}
		o.begin()
		o.text("ARN", cut(keyable(a)))
		o.text("accountId", accountOf(a, e.Account))
		_, kind := resource(a)
		o.given("type", kind)
		o.end()
	}
	o.b = append(o.b, ']')
}

// accountOf is the account that an ARN names, else the caller's.
func accountOf(arnText, callers string) string {
	if a, err := arn.Parse(arnText); err == nil && a.Account != "" {
		return a.Account
	}
	return callers
}
