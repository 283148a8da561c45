package embedded

import (
	"fmt"
	"strconv"
	"strings"
)

// page is what the paged results control of a request says (RFC 2696).
type page struct {
	size int
	from position
	sent int
}

// position is a place in the order of all entries: how many heads, one more for
// all users, and the last user or group that were seen.
type position struct {
	heads int
	user  string
}

// cookie is where the next page begins and how many entries came before it. A
// client that forges one begins elsewhere in what it may read anyway.
type cookie struct {
	position
	sent int
}

// String writes a cookie.
func (c cookie) String() string {
	return strconv.Itoa(c.heads) + " " + strconv.Itoa(c.sent) + " " + c.user
}

func parseCookie(s string) (cookie, error) {
	var c cookie
	if s == "" {
		return c, nil
	}
	parts := strings.SplitN(s, " ", 3)
	if len(parts) != 3 || len(s) > 1024 {
		return c, fmt.Errorf("cookie of %d parts", len(parts))
	}
	heads, err := strconv.ParseUint(parts[0], 10, 8)
	if err != nil {
		return c, fmt.Errorf("read cookie: %w", err)
	}
	sent, err := strconv.ParseUint(parts[1], 10, 31)
	if err != nil {
		return c, fmt.Errorf("read cookie: %w", err)
	}
	return cookie{position{int(heads), parts[2]}, int(sent)}, nil
}

// parsePaging finds the paged results control. A control that is not known
// here and that the client cannot do without ends the search.
func parsePaging(list []control) (*page, result) {
	var out *page
	for _, c := range list {
		if c.oid != pagedResults {
			if c.critical {
				return nil, result{code: criticalUnavailable, text: "control " + printable(c.oid) + " is not known here"}
			}
			continue
		}
		value, err := c.value.take(tagSequence)
		if err != nil {
			return nil, result{code: protocolError, text: "malformed paged results control"}
		}
		size, err := value.number(tagInteger)
		if err != nil {
			return nil, result{code: protocolError, text: "malformed size of page"}
		}
		given, err := value.text()
		if err != nil {
			return nil, result{code: protocolError, text: "malformed cookie"}
		}
		from, err := parseCookie(given)
		if err != nil {
			return nil, result{code: unwillingToPerform, text: "the cookie is none of this server"}
		}
		out = &page{size: size, from: from.position, sent: from.sent}
	}
	return out, result{}
}

// printable cuts what a client sent down to what an answer may repeat.
func printable(s string) string {
	return strconv.Quote(s[:min(len(s), 64)])
}
