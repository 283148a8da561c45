package embedded

import (
	"encoding/hex"
	"errors"
	"slices"
	"strings"
)

// errNotDN reports a text that is no distinguished name.
var errNotDN = errors.New("not a distinguished name")

// dn is a distinguished name (RFC 4514), the nearest part first, folded for
// comparison.
type dn []rdn

type rdn struct{ kind, value string }

func (d dn) equal(o dn) bool { return slices.Equal(d, o) }

// maxDNParts is deeper than any name below ours.
const maxDNParts = 64

// parseDN reads a distinguished name. Names of several values ("a=b+c=d") and
// values in hexadecimal ("a=#04...") are not taken: no entry here has one.
func parseDN(s string) (dn, error) {
	if s == "" {
		return dn{}, nil
	}
	var out dn
	for rest, more := s, true; more; {
		if len(out) == maxDNParts {
			return nil, errNotDN
		}
		kind, after, ok := strings.Cut(rest, "=")
		kind = strings.ToLower(strings.TrimSpace(kind))
		if !ok || kind == "" || strings.ContainsAny(kind, `,\+";<>`) {
			return nil, errNotDN
		}
		value, tail, comma, err := parseValue(after)
		if err != nil {
			return nil, err
		}
		out = append(out, rdn{kind, fold(value)})
		rest, more = tail, comma
	}
	return out, nil
}

// parseValue reads a value up to the comma that ends it. Spaces around a value
// do not count unless they are escaped.
func parseValue(s string) (value, rest string, comma bool, err error) {
	s = strings.TrimLeft(s, " ")
	if strings.HasPrefix(s, "#") {
		return "", "", false, errNotDN
	}
	var b strings.Builder
	kept := 0 // length up to the last character that is no bare space
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case ',', ';':
			return b.String()[:kept], s[i+1:], true, nil
		case '+', '"', '<', '>':
			return "", "", false, errNotDN
		case '\\':
			r, n, err := unescape(s[i+1:])
			if err != nil {
				return "", "", false, err
			}
			b.WriteByte(r)
			i += n
			kept = b.Len()
		default:
			b.WriteByte(c)
			if c != ' ' {
				kept = b.Len()
			}
		}
	}
	return b.String()[:kept], "", false, nil
}

// unescape reads what follows a backslash: two hexadecimal digits or one
// special character. It returns the octet and how many characters it took.
func unescape(s string) (byte, int, error) {
	if len(s) >= 2 {
		if b, err := hex.DecodeString(s[:2]); err == nil {
			return b[0], 2, nil
		}
	}
	if s != "" && strings.IndexByte(` "#+,;<=>\`, s[0]) >= 0 {
		return s[0], 1, nil
	}
	return 0, 0, errNotDN
}
