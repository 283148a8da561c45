package connector

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	wire "github.com/go-ldap/ldap/v3"

	"tamachi/internal/directory"
)

// The filters of what a directory holds (Microsoft, MS-ADSC 3: a computer is a
// user too, but no person).
const (
	aUser  = "(objectCategory=person)(objectClass=user)"
	aGroup = "(objectCategory=group)"
	either = "(|(objectClass=user)(objectClass=group))"
)

// pageSize is how many entries a server sends at once; Active Directory allows
// 1000.
const pageSize = 500

// search finds the entries below the domain that fit all of the filter's parts.
func (r *Remote) search(conn *wire.Conn, filter string, attributes ...string) ([]*wire.Entry, error) {
	res, err := conn.SearchWithPaging(wire.NewSearchRequest(
		r.base(), wire.ScopeWholeSubtree, wire.NeverDerefAliases, 0, 0, false, "(&"+filter+")", attributes, nil,
	), pageSize)
	if err != nil {
		return nil, err
	}
	return res.Entries, nil
}

// named finds the one entry of a name; none is the error that is given.
func (r *Remote) named(conn *wire.Conn, sort, name string, none error, attributes ...string) (*wire.Entry, error) {
	if name == "" {
		return nil, fmt.Errorf("search %s for no name: %w", r.c.Name, none)
	}
	found, err := r.search(conn, sort+equals("sAMAccountName", name), attributes...)
	if err != nil {
		return nil, err
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("search %s for %q: %w", r.c.Name, name, none)
	}
	return found[0], nil
}

func equals(attribute, value string) string {
	return "(" + attribute + "=" + wire.EscapeFilter(value) + ")"
}

// wanted is the filter of a query.
func wanted(q directory.Query) string {
	if len(q.Attributes) == 0 {
		return ""
	}
	var b strings.Builder
	for _, a := range q.Attributes {
		b.WriteString(equals(a, q.Value))
	}
	return "(|" + b.String() + ")"
}

// page finds up to limit entries after a name, whole; those that were removed
// since their names were read are not among them, and the next ones take their
// places.
func (r *Remote) page(ctx context.Context, filter, after string, limit int) (found []*wire.Entry, err error) {
	err = r.with(ctx, func(conn *wire.Conn) error {
		found = nil
		names, err := r.list(conn, filter, after)
		for err == nil && len(found) < limit && len(names) > 0 {
			n := min(len(names), limit-len(found))
			var some []*wire.Entry
			some, err = r.whole(conn, filter, names[:n])
			found, names = append(found, some...), names[n:]
		}
		return err
	})
	return found, err
}

// whole reads entries of these names.
func (r *Remote) whole(conn *wire.Conn, filter string, names []string) ([]*wire.Entry, error) {
	var these strings.Builder
	for _, n := range names {
		these.WriteString(equals("sAMAccountName", n))
	}
	found, err := r.search(conn, filter+"(|"+these.String()+")", "*")
	slices.SortFunc(found, func(a, b *wire.Entry) int {
		return cmp.Compare(folded(a.GetAttributeValue("sAMAccountName")), folded(b.GetAttributeValue("sAMAccountName")))
	})
	return found, err
}

func folded(name string) string { return strings.ToLower(name) }

// The bits of userAccountControl (Microsoft, MS-ADTS 2.2.16).
const (
	accountDisable = 0x2
	normalAccount  = 0x200
)

func account(e *wire.Entry) (directory.Account, error) {
	control, err := strconv.ParseInt(e.GetAttributeValue("userAccountControl"), 10, 64)
	if err != nil {
		return directory.Account{}, fmt.Errorf("read userAccountControl of %q: %w", e.DN, err)
	}
	sid, err := directory.SIDText(e.GetRawAttributeValue("objectSid"))
	if err != nil {
		return directory.Account{}, fmt.Errorf("read objectSid of %q: %w", e.DN, err)
	}
	return directory.Account{
		SAMAccountName: e.GetAttributeValue("sAMAccountName"), GivenName: e.GetAttributeValue("givenName"), Surname: e.GetAttributeValue("sn"),
		Email: e.GetAttributeValue("mail"), Enabled: control&accountDisable == 0, SID: sid, DN: e.DN, Attributes: texts(e),
	}, nil
}

func group(e *wire.Entry) (directory.Group, error) {
	bits, err := strconv.ParseInt(e.GetAttributeValue("groupType"), 10, 32)
	if err != nil {
		return directory.Group{}, fmt.Errorf("read groupType of %q: %w", e.DN, err)
	}
	sid, err := directory.SIDText(e.GetRawAttributeValue("objectSid"))
	if err != nil {
		return directory.Group{}, fmt.Errorf("read objectSid of %q: %w", e.DN, err)
	}
	g := directory.Group{SAMAccountName: e.GetAttributeValue("sAMAccountName"), SID: sid, DN: e.DN, Attributes: texts(e)}
	g.Scope, g.Kind = directory.ReadGroupType(int32(bits))
	return g, nil
}

// texts are the further attributes of an entry that are text.
func texts(e *wire.Entry) map[string][]string {
	out := map[string][]string{}
	for _, a := range e.Attributes {
		switch a.Name {
		case "sAMAccountName", "givenName", "sn", "objectSid", "objectGUID":
			continue
		}
		if !slices.ContainsFunc(a.Values, func(v string) bool { return !utf8.ValidString(v) }) {
			out[a.Name] = a.Values
		}
	}
	return out
}
