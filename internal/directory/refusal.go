package directory

import (
	"fmt"
	"strings"
)

// The LDAP result codes (RFC 4511, appendix A) with which a bind is refused.
const (
	CodeInvalidCredentials uint16 = 49
	CodeUnwilling          uint16 = 53
)

// Refusal is a bind that the server answered with "no".
type Refusal struct {
	Code    uint16 // LDAP result code: 49 invalidCredentials
	Message string // the server's diagnostic message
}

// Error gives the refusal in one clause: what it means, if the code is one
// that we know, and the server's own words.
func (r *Refusal) Error() string {
	words := r.Message
	if words == "" {
		words = fmt.Sprintf("LDAP result code %d", r.Code)
	}
	if why := r.Reason(); why != "" {
		return why + " (" + words + ")"
	}
	return words
}

// reasons are the Windows error codes that Active Directory puts behind
// "data", in hexadecimal. Source: Microsoft, "System Error Codes (1300-1699)".
var reasons = map[string]string{
	"525": "no such user",
	"52e": "wrong password",
	"530": "no logon at this hour",
	"531": "no logon from this computer",
	"532": "the password has expired",
	"533": "the account is disabled",
	"701": "the account has expired",
	"773": "the password must be changed first",
	"775": "the account is locked",
}

// Reason says in plain words why the server refused, or "" when its message
// does not tell.
func (r *Refusal) Reason() string {
	_, rest, ok := strings.Cut(r.Message, ", data ")
	if !ok {
		return ""
	}
	code, _, _ := strings.Cut(rest, ",")
	return reasons[strings.ToLower(strings.TrimSpace(code))]
}

// Stale tells whether the password was right, and is to be changed before it is
// of use: it has expired, or must be changed first.
func (r *Refusal) Stale() bool {
	why := r.Reason()
	return why == reasons["532"] || why == reasons["773"]
}

// Refuse is the answer to a bind of an account in that standing, in the form
// that Active Directory gives it and that its clients take apart; nil for
// Good.
func Refuse(s Standing) *Refusal {
	var data string
	switch s {
	case Good:
		return nil
	case Unknown:
		data = "525"
	case Disabled:
		data = "533"
	case Locked:
		data = "775"
	case Expired:
		data = "532"
	case MustChange:
		data = "773"
	default: // WrongPassword, and what this version does not know
		data = "52e"
	}
	return &Refusal{
		Code:    CodeInvalidCredentials,
		Message: "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data " + data + ", v4563",
	}
}

// RefuseUnproved is the answer to a bind that names an account and gives no
// password: RFC 4513, 5.1.2 calls it unauthenticated and asks to refuse it.
func RefuseUnproved() *Refusal {
	return &Refusal{Code: CodeUnwilling, Message: "a bind with a name and no password proves nothing"}
}
