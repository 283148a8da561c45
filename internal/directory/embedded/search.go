package embedded

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"time"

	"tamachi/internal/directory"
)

// search is one search under way.
type search struct {
	searchRequest
	session *session
	want    selection
	page    *page // nil = not paged
	sent    int   // entries sent, earlier pages included
}

// search answers a search: it writes the entries and returns the result with
// the cookie of the next page.
func (s *session) search(ctx context.Context, m message) (result, *string, error) {
	req, err := parseSearch(m.body)
	if err != nil {
		return result{}, nil, err
	}
	pg, r := parsePaging(m.controls)
	if r.code != success {
		return r, nil, nil
	}
	q := &search{searchRequest: req, session: s, want: newSelection(req.attributes, req.typesOnly), page: pg}
	if req.timeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, min(time.Duration(req.timeLimit)*time.Second, s.server.limits.Operation))
		defer cancel()
	}
	r, cookie, err := q.run(ctx, m.id)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		r, cookie = result{code: timeLimitExceeded, text: "the search took too long"}, ""
	case err != nil:
		return result{}, nil, err
	}
	if pg == nil {
		return r, nil, nil
	}
	return r, &cookie, nil
}

// run walks the entries below the base and sends those that match.
func (q *search) run(ctx context.Context, id int) (result, string, error) {
	spot := position{}
	limit := q.session.server.limits.Entries
	if q.page != nil {
		if q.page.size == 0 {
			return result{}, "", nil // RFC 2696, 3: the client gives the rest up
		}
		spot, q.sent, limit = q.page.from, q.page.sent, min(limit, q.page.size)
	}
	entries, r, err := q.entries(ctx, spot)
	if err != nil || r.code != success {
		return r, "", err
	}
	onPage := 0
	for at, err := range entries {
		if err != nil {
			return result{}, "", err
		}
		if q.filter.match(at.entry) != yes {
			continue
		}
		switch {
		case q.sizeLimit > 0 && q.sent >= q.sizeLimit:
			return result{code: sizeLimitExceeded, text: "more entries than the size limit of the search"}, "", nil
		case onPage == limit && q.page != nil:
			return result{}, cookie{spot, q.sent}.String(), nil
		case onPage == limit:
			return result{code: sizeLimitExceeded, text: "more entries than one answer holds; ask for pages"}, "", nil
		}
		if err := q.session.sendEntry(id, at.entry, q.want); err != nil {
			return result{}, "", err
		}
		spot, onPage, q.sent = at.position, onPage+1, q.sent+1
	}
	return result{}, "", nil
}

// found is an entry and where in the order of all entries it stands.
type found struct {
	entry    *entry
	position position
}

// entries returns the entries in scope after a position, in their order: the
// domain, the users' container, the users by name, the groups by name.
func (q *search) entries(ctx context.Context, after position) (iter.Seq2[found, error], result, error) {
	s := q.session
	base, err := parseDN(q.base)
	if err != nil {
		return nil, result{code: invalidDNSyntax, text: "the base is no distinguished name"}, nil
	}
	if len(base) == 0 && q.scope == scopeBase {
		return one(rootDSE(s.domain)), result{}, nil
	}
	if s.user == "" {
		return nil, result{code: operationsError, text: "000004DC: LdapErr: DSID-0C090A5C, comment: a successful bind must come first on this connection, data 0, v4563"}, nil
	}
	root, users := mustDN(directory.DomainDN(s.domain.Name)), mustDN(directory.UsersDN(s.domain.Name))
	switch {
	case base.equal(root):
		heads := [][]*entry{{domainEntry(s.domain)}, {usersEntry(s.domain)}, {domainEntry(s.domain), usersEntry(s.domain)}}[q.scope]
		return q.walk(ctx, heads, q.scope == scopeSub, after), result{}, nil
	case base.equal(users):
		heads := [][]*entry{{usersEntry(s.domain)}, nil, {usersEntry(s.domain)}}[q.scope]
		return q.walk(ctx, heads, q.scope != scopeBase, after), result{}, nil
	}
	name, ok := userOf(s.domain, base)
	if !ok {
		return nil, missing(base, root), nil
	}
	e, err := s.object(ctx, name)
	switch {
	case err != nil:
		return nil, result{}, err
	case e == nil:
		return nil, missing(base, root), nil
	case q.scope == scopeOne:
		return func(func(found, error) bool) {}, result{}, nil
	}
	return one(e), result{}, nil
}

// object returns the user or the group of a name, nil if there is neither.
func (s *session) object(ctx context.Context, name string) (*entry, error) {
	a, err := s.server.accounts.Lookup(ctx, s.domain.ID, name)
	if err == nil {
		return userEntry(s.domain, a), nil
	}
	if !errors.Is(err, directory.ErrNoUser) {
		return nil, err
	}
	g, err := s.server.accounts.LookupGroup(ctx, s.domain.ID, name)
	if errors.Is(err, directory.ErrNoGroup) {
		return nil, nil
	}
	return groupEntry(s.domain, g), err
}

// missing says which part of a name exists.
func missing(base, root dn) result {
	r := result{code: noSuchObject, text: "0000208D: NameErr: DSID-0310028B, problem 2001 (NO_OBJECT), data 0"}
	if n := len(base) - len(root); n > 0 && base[n:].equal(root) {
		for i, p := range root {
			if i > 0 {
				r.matched += ","
			}
			r.matched += "DC=" + p.value
		}
	}
	return r
}

func one(e *entry) iter.Seq2[found, error] {
	return func(yield func(found, error) bool) { yield(found{entry: e}, nil) }
}

// batch is how many accounts are asked for at once.
const batch = 200

// walk yields the heads and then, if they are in scope, the users and the
// groups. A filter that names one sAMAccountName is answered by that object
// alone.
func (q *search) walk(ctx context.Context, heads []*entry, withUsers bool, after position) iter.Seq2[found, error] {
	return func(yield func(found, error) bool) {
		for i, e := range heads {
			at := position{heads: i + 1}
			if i >= after.heads && !yield(found{e, at}, nil) {
				return
			}
		}
		if !withUsers {
			return
		}
		if name, ok := nameOf(q.filter); ok {
			q.lookup(ctx, name, yield)
			return
		}
		users, groups := position{heads: len(heads)}, position{heads: len(heads) + 1}
		if after.heads == groups.heads {
			groups.user = after.user
		} else {
			users.user = after.user
			if !batches(ctx, users, q.users, yield) {
				return
			}
		}
		batches(ctx, groups, q.groups, yield)
	}
}

func (q *search) lookup(ctx context.Context, name string, yield func(found, error) bool) {
	e, err := q.session.object(ctx, name)
	switch {
	case err != nil:
		yield(found{}, err)
	case e != nil:
		yield(found{entry: e}, nil)
	}
}

// batches yields objects after a position, some at a time, until there are no
// more; false when yield wants none.
func batches(ctx context.Context, at position, some func(context.Context, string) ([]named, error), yield func(found, error) bool) bool {
	for {
		if err := ctx.Err(); err != nil {
			yield(found{}, err)
			return false
		}
		list, err := some(ctx, at.user)
		if err != nil {
			yield(found{}, err)
			return false
		}
		for _, n := range list {
			at.user = n.name
			if !yield(found{n.entry, at}, nil) {
				return false
			}
		}
		if len(list) < batch {
			return true
		}
	}
}

// named is an entry with the name by which the next one is found.
type named struct {
	name  string
	entry *entry
}

func (q *search) users(ctx context.Context, after string) ([]named, error) {
	d := q.session.domain
	list, err := q.session.server.accounts.List(ctx, d.ID, after, batch)
	out := make([]named, len(list))
	for i, a := range list {
		out[i] = named{a.SAMAccountName, userEntry(d, a)}
	}
	return out, err
}

func (q *search) groups(ctx context.Context, after string) ([]named, error) {
	d := q.session.domain
	list, err := q.session.server.accounts.Groups(ctx, d.ID, after, batch)
	out := make([]named, len(list))
	for i, g := range list {
		out[i] = named{g.SAMAccountName, groupEntry(d, g)}
	}
	return out, err
}

// nameOf returns the sAMAccountName that a filter insists on, if it does.
func nameOf(f filter) (string, bool) {
	switch f := f.(type) {
	case equal:
		return f.value, f.name == "samaccountname"
	case all:
		for _, g := range f {
			if n, ok := nameOf(g); ok {
				return n, true
			}
		}
	}
	return "", false
}

// mustDN reads a name that this package made.
func mustDN(s string) dn {
	d, err := parseDN(s)
	if err != nil {
		panic("embedded: own name " + s + ": " + err.Error())
	}
	return d
}

func sortedNames(m map[string][]string) []string { return slices.Sorted(maps.Keys(m)) }
