package cloudtrail

import (
	"strconv"
	"time"

	"tamachi/internal/aws/api"
)

// identity says who made a call.
// Source: CloudTrail User Guide, "CloudTrail userIdentity element".
type identity struct {
	Type           string
	PrincipalID    string
	ARN            string
	AccountID      string
	AccessKeyID    string
	UserName       string
	SessionContext *session
	InvokedBy      string
}

type session struct {
	SessionIssuer  *issuer
	Attributes     attributes
	SourceIdentity string
}

type issuer struct {
	Type        string
	PrincipalID string
	ARN         string
	AccountID   string
	UserName    string
}

type attributes struct {
	CreationDate     string
	MFAAuthenticated string
}

// write writes the identity, without the members that are empty.
func (i *identity) write(o *object) {
	o.begin()
	o.given("type", i.Type)
	o.given("principalId", i.PrincipalID)
	o.given("arn", i.ARN)
	o.given("accountId", i.AccountID)
	o.given("accessKeyId", i.AccessKeyID)
	o.given("userName", i.UserName)
	if s := i.SessionContext; s != nil {
		o.name("sessionContext")
		o.begin()
		if by := s.SessionIssuer; by != nil {
			o.name("sessionIssuer")
			o.begin()
			o.text("type", by.Type)
			o.given("principalId", by.PrincipalID)
			o.text("arn", by.ARN)
			o.given("accountId", by.AccountID)
			o.given("userName", by.UserName)
			o.end()
		}
		o.name("attributes")
		o.begin()
		o.text("creationDate", s.Attributes.CreationDate)
		o.text("mfaAuthenticated", s.Attributes.MFAAuthenticated)
		o.end()
		o.given("sourceIdentity", s.SourceIdentity)
		o.end()
	}
	o.given("invokedBy", i.InvokedBy)
	o.end()
}

func userIdentity(e *api.Event) identity {
	c := &e.Caller
	if len(e.Details) > 0 && c.Type == "" { // nobody: CloudTrail User Guide, "AWS service events"
		return identity{AccountID: e.Account, InvokedBy: e.SourceIP}
	}
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
