package accessanalyzer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"
)

// principalKeys are the kinds of principals. Source: IAM User Guide, "AWS JSON
// policy elements: Principal".
var principalKeys = []string{"AWS", "Service", "Federated", "CanonicalUser"}

var (
	roleID = regexp.MustCompile(`^AROA[A-Z0-9]{12,}$`)
	userID = regexp.MustCompile(`^AIDA[A-Z0-9]{12,}$`)
)

func (c checker) checkPrincipals(s site) {
	m, inverted := s.either("Principal")
	switch {
	case m != nil && c.of == types.PolicyTypeServiceControlPolicy:
		c.find("SCP_SYNTAX_ERROR_PRINCIPAL", s.name(m))
		return
	case m != nil && c.of == types.PolicyTypeIdentityPolicy:
		c.find("UNSUPPORTED_PRINCIPAL", s.name(m), string(c.of))
		return
	case m == nil && c.ofPrincipal():
		return
	case m == nil:
		c.find("MISSING_PRINCIPAL", s)
		return
	}
	if inverted && c.trust() {
		c.find("ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL", s.name(m))
		return
	}
	if e := s.value.member("Effect"); inverted && e != nil && e.value.text == "Allow" {
		c.find("ALLOW_WITH_NOT_PRINCIPAL", s.name(m))
	}
	at := s.under(m)
	switch {
	case m.value.kind == isString && m.value.text == "*":
	case m.value.kind == isObject && len(m.value.members) == 0:
		c.find("EMPTY_OBJECT_PRINCIPAL", at)
	case m.value.kind == isObject:
		for i := range m.value.members {
			c.checkPrincipal(at, &m.value.members[i])
		}
	default:
		c.find("INVALID_PRINCIPAL_FORMAT", at)
	}
}

func (c checker) checkPrincipal(of site, m *member) {
	if !slices.Contains(principalKeys, m.name) {
		c.find("INVALID_PRINCIPAL_KEY", of.name(m), m.name)
		return
	}
	at := of.under(m)
	if m.value.kind == isArray && len(m.value.items) == 0 {
		c.find("EMPTY_ARRAY_PRINCIPAL", at)
		return
	}
	for _, v := range c.texts(at) {
		text := v.value.text
		switch {
		case strings.ContainsAny(text, "*?") && (m.name != "AWS" || text != "*"):
			c.find("UNSUPPORTED_WILDCARD_IN_PRINCIPAL", v, m.name)
		case m.name == "AWS" && roleID.MatchString(text):
			c.find("INVALID_ROLE_REFERENCE", v, text)
		case m.name == "AWS" && userID.MatchString(text):
			c.find("INVALID_USER_REFERENCE", v, text)
		}
	}
}
