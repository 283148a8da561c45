package connector

import (
	"cmp"
	"slices"
	"sync"
	"time"

	wire "github.com/go-ldap/ldap/v3"
)

// listings are the names that fit a filter, in our order, as they were when the
// first page of a list was asked for. The pages that follow are cut of them: to
// read all names for each page would cost a directory of 25,000 people 25,000
// names a page. Our own writes and an age of longestListing end them.
type listings struct {
	mu    sync.Mutex
	names map[string]listing // guarded by mu; by filter
}

type listing struct {
	names []string
	read  time.Time
}

const (
	// longestListing is how old names may be: long enough for the next page.
	longestListing = time.Minute
	// mostListings is how many filters are remembered.
	mostListings = 8
)

// of returns names for a page after another one; nil when they are to be read.
func (l *listings) of(filter, after string, now time.Time) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if got, ok := l.names[filter]; ok && after != "" && now.Sub(got.read) < longestListing {
		return got.names
	}
	return nil
}

func (l *listings) keep(filter string, names []string, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.names == nil || len(l.names) >= mostListings {
		l.names = map[string]listing{}
	}
	l.names[filter] = listing{names, now}
}

func (l *listings) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.names = nil
}

// list returns the names after a name, in the order of names in lower case: the
// server's own order is that of its language.
func (r *Remote) list(conn *wire.Conn, filter, after string) ([]string, error) {
	names := r.listings.of(filter, after, r.clk.Now())
	if names == nil {
		all, err := r.search(conn, filter, "sAMAccountName")
		if err != nil {
			return nil, err
		}
		names = make([]string, 0, len(all))
		for _, e := range all {
			names = append(names, e.GetAttributeValue("sAMAccountName"))
		}
		slices.SortFunc(names, func(a, b string) int { return cmp.Compare(folded(a), folded(b)) })
		r.listings.keep(filter, names, r.clk.Now())
	}
	at, found := slices.BinarySearchFunc(names, after, func(a, b string) int { return cmp.Compare(folded(a), folded(b)) })
	if found {
		at++
	}
	return names[at:], nil
}
