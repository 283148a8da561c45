package embedded

import (
	"context"
	"strings"

	"tamachi/internal/directory"
)

// bind answers a bind. Whatever comes out, the connection is anonymous until
// the bind has succeeded (RFC 4511, 4.2.1).
func (s *session) bind(ctx context.Context, m message) (result, error) {
	s.user = ""
	b, err := parseBind(m.body)
	switch {
	case err != nil:
		return result{}, err
	case b.version != ldapVersion:
		return result{code: protocolError, text: "this server speaks LDAP version 3"}, nil
	case !b.simple:
		return result{code: authMethodUnknown, text: "only simple binds are known here"}, nil
	case b.name == "" && b.password == "":
		return result{}, nil
	}
	if b.password == "" {
		s.server.refused.Add(1)
		r := directory.RefuseUnproved()
		return result{code: code(r.Code), text: r.Message}, nil
	}
	return s.prove(ctx, b)
}

// prove checks a name and a password with the house.
func (s *session) prove(ctx context.Context, b bindRequest) (result, error) {
	standing := directory.Unknown
	name, ok := accountName(s.domain, b.name)
	if ok {
		done, err := s.server.turn(ctx)
		if err != nil {
			return result{code: busy, text: "too many binds at once"}, nil
		}
		standing, err = s.server.accounts.Verify(ctx, s.domain.ID, name, b.password)
		done()
		if err != nil {
			return result{}, err
		}
	}
	if r := directory.Refuse(standing); r != nil {
		s.server.refused.Add(1)
		return result{code: code(r.Code), text: r.Message}, nil
	}
	s.server.accepted.Add(1)
	s.user = name
	return result{}, nil
}

// accountName finds the sAMAccountName in a bind's name, which Active
// Directory takes as a distinguished name, as user@domain or as DOMAIN\user.
// Source: Microsoft, MS-ADTS 5.1.1.1.1 "Simple Authentication".
func accountName(d directory.Domain, given string) (string, bool) {
	if domain, user, ok := strings.Cut(given, `\`); ok && !strings.Contains(domain, "=") {
		here := strings.EqualFold(domain, d.ShortName) || strings.EqualFold(domain, d.Name)
		return user, here && user != ""
	}
	if i := strings.LastIndexByte(given, '@'); i > 0 && !strings.Contains(given[i:], "=") {
		return given[:i], strings.EqualFold(given[i+1:], d.Name)
	}
	parsed, err := parseDN(given)
	if err != nil {
		return "", false
	}
	return userOf(d, parsed)
}

// userOf returns the common name of a name that lies directly in the users'
// container.
func userOf(d directory.Domain, name dn) (string, bool) {
	if len(name) == 0 || name[0].kind != "cn" || name[0].value == "" {
		return "", false
	}
	users, err := parseDN(directory.UsersDN(d.Name))
	return name[0].value, err == nil && name[1:].equal(users)
}
