package cloudtrail

import (
	"encoding/json"
	"time"
)

// record is the JSON text of an event, member by member as CloudTrail writes
// it. Source: CloudTrail User Guide, "CloudTrail record contents" and
// "CloudTrail userIdentity element".
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
	EventType          string          `json:"eventType"`
	ManagementEvent    bool            `json:"managementEvent"`
	RecipientAccountID string          `json:"recipientAccountId"`
	EventCategory      string          `json:"eventCategory"`
}

type recordARN struct {
	ARN       string `json:"ARN"`
	AccountID string `json:"accountId"`
	Type      string `json:"type,omitempty"`
}

type identity struct {
	Type           string   `json:"type"`
	PrincipalID    string   `json:"principalId,omitempty"`
	ARN            string   `json:"arn,omitempty"`
	AccountID      string   `json:"accountId,omitempty"`
	AccessKeyID    string   `json:"accessKeyId,omitempty"`
	UserName       string   `json:"userName,omitempty"`
	InvokedBy      string   `json:"invokedBy,omitempty"`
	SessionContext *session `json:"sessionContext,omitempty"`
}

type session struct {
	SessionIssuer issuer `json:"sessionIssuer"`
}

type issuer struct {
	Type string `json:"type"`
	ARN  string `json:"arn"`
}

var null = json.RawMessage("null")

func text(e *event, account, region string) string {
	r := record{
		EventVersion: "1.11", UserIdentity: userIdentity(e, account),
		EventTime: e.Time.UTC().Format(time.RFC3339), EventSource: e.Source, EventName: e.Name, AWSRegion: region,
		SourceIPAddress: e.SourceIP, UserAgent: e.UserAgent, ErrorCode: e.ErrorCode, ErrorMessage: e.ErrorMessage,
		RequestParameters: orNull(e.Request), ResponseElements: orNull(e.Response),
		RequestID: e.RequestID, EventID: e.ID, ReadOnly: e.ReadOnly, EventType: "AwsApiCall",
		ManagementEvent: true, RecipientAccountID: account, EventCategory: "Management",
	}
	for _, a := range e.Resources {
		_, kind := resource(a)
		r.Resources = append(r.Resources, recordARN{ARN: a, AccountID: account, Type: kind})
	}
	b, err := json.Marshal(r)
	if err != nil {
		// Only a stored request that is no JSON gets here; show the event without it.
		r.RequestParameters, r.ResponseElements = null, null
		b, _ = json.Marshal(r)
	}
	return string(b)
}

func userIdentity(e *event, account string) identity {
	if e.Type == "AWSService" {
		return identity{Type: e.Type, InvokedBy: e.Service}
	}
	id := identity{Type: e.Type, PrincipalID: e.UserID, ARN: e.UserARN, AccountID: account, AccessKeyID: e.AccessKeyID}
	if e.Type == "IAMUser" {
		id.UserName = e.Username
	}
	if e.Issuer != "" {
		id.SessionContext = &session{SessionIssuer: issuer{Type: "IAMUser", ARN: e.Issuer}}
	}
	return id
}

func orNull(m json.RawMessage) json.RawMessage {
	if len(m) == 0 {
		return null
	}
	return m
}
