package cloudtrail

import (
	"strconv"
	"time"

	"tamachi/internal/aws/api"
)

// identity says who made a call.
// Source: CloudTrail User Guide, "CloudTrail userIdentity element".
type identity struct {
	Type           string   `json:"type"`
	PrincipalID    string   `json:"principalId,omitempty"`
	ARN            string   `json:"arn,omitempty"`
	AccountID      string   `json:"accountId,omitempty"`
	AccessKeyID    string   `json:"accessKeyId,omitempty"`
	UserName       string   `json:"userName,omitempty"`
	SessionContext *session `json:"sessionContext,omitempty"`
	InvokedBy      string   `json:"invokedBy,omitempty"`
}

type session struct {
	SessionIssuer  *issuer    `json:"sessionIssuer,omitempty"`
	Attributes     attributes `json:"attributes"`
	SourceIdentity string     `json:"sourceIdentity,omitempty"`
}

type issuer struct {
	Type        string `json:"type"`
	PrincipalID string `json:"principalId,omitempty"`
	ARN         string `json:"arn"`
	AccountID   string `json:"accountId,omitempty"`
	UserName    string `json:"userName,omitempty"`
}

type attributes struct {
	CreationDate     string `json:"creationDate"`
	MFAAuthenticated string `json:"mfaAuthenticated"`
}

func userIdentity(e *api.Event) identity {
	c := &e.Caller
	switch c.Type {
	case api.AWSService:
		return identity{Type: string(c.Type), InvokedBy: c.Service}
	case api.AWSAccount:
		return identity{Type: string(c.Type), AccountID: "anonymous"}
	}
	who := identity{
		Type: string(c.Type), PrincipalID: c.UserID, ARN: c.ARN, AccountID: c.Account, AccessKeyID: c.AccessKeyID,
		SessionContext: sessionContext(c), InvokedBy: e.InvokedBy,
	}
	switch c.Type {
	case api.IAMUser:
		who.UserName = c.Name
	case api.ManagedInstance: // a session of its service role, as on AWS
		who.Type = string(api.AssumedRole)
	}
	return who
}

func sessionContext(c *api.Caller) *session {
	s := c.Session
	if s == nil {
		return nil
	}
	out := &session{
		Attributes: attributes{
			CreationDate: s.Issued.UTC().Format(time.RFC3339), MFAAuthenticated: strconv.FormatBool(s.MFA),
		},
		SourceIdentity: s.SourceIdentity,
	}
	if s.IssuerARN != "" && c.Type != api.IAMUser { // a user's own session has no other issuer
		out.SessionIssuer = &issuer{
			Type: issuerType(s), PrincipalID: s.IssuerID, ARN: s.IssuerARN,
			AccountID: accountOf(s.IssuerARN, c.Account), UserName: s.IssuerName,
		}
	}
	return out
}

func issuerType(s *api.Session) string {
	if s.IssuerType == "" {
		return string(api.IAMUser) // federated sessions of before the type was kept
	}
	return string(s.IssuerType)
}
