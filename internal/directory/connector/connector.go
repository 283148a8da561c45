package connector

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	wire "github.com/go-ldap/ldap/v3"

	"tamachi/internal/clock"
	"tamachi/internal/directory"
)

// DefaultTimeout is how long one question may take, finding the server
// included.
const DefaultTimeout = 10 * time.Second

// Pool holds the directories that are connected.
type Pool struct {
	clk     clock.Clock
	timeout time.Duration

	mu      sync.Mutex
	remotes map[string]*Remote // guarded by mu; by directory id
}

var _ directory.Remotes = (*Pool)(nil)

// New returns a pool whose questions take at most timeout each.
func New(clk clock.Clock, timeout time.Duration) *Pool {
	return &Pool{clk: clk, timeout: timeout, remotes: map[string]*Remote{}}
}

// Remote returns the directory of a connection, the one of before if the
// connection is the same.
func (p *Pool) Remote(c directory.Connection) directory.Remote {
	p.mu.Lock()
	defer p.mu.Unlock()
	old := p.remotes[c.DirectoryID]
	if old != nil && old.same(c) {
		return old
	}
	if old != nil {
		old.close()
	}
	r := &Remote{c: c, clk: p.clk, timeout: p.timeout, turn: make(chan struct{}, 1)}
	p.remotes[c.DirectoryID] = r
	return r
}

// Forget ends the connection to a directory.
func (p *Pool) Forget(directoryID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.remotes[directoryID]; r != nil {
		r.close()
		delete(p.remotes, directoryID)
	}
}

// Close ends all connections.
func (p *Pool) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.remotes {
		r.close()
	}
	clear(p.remotes)
	return nil
}

// Remote is one directory.
type Remote struct {
	c        directory.Connection
	clk      clock.Clock
	timeout  time.Duration
	listings listings
	turn     chan struct{} // held by who asks

	mu     sync.Mutex
	conn   *wire.Conn // guarded by mu; bound as the service account, nil when there is none
	closed bool       // guarded by mu
}

var _ directory.Remote = (*Remote)(nil)

func (r *Remote) same(c directory.Connection) bool {
	return r.c.Name == c.Name && r.c.UserName == c.UserName && r.c.Password == c.Password &&
		slices.Equal(r.c.DNS, c.DNS) && slices.Equal(r.c.Keys, c.Keys) && slices.Equal(r.c.Authorities, c.Authorities)
}

func (r *Remote) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	if r.conn != nil {
		_ = r.conn.Close()
		r.conn = nil
	}
}

// with asks the directory as the service account, on the connection that is
// open, or on a new one. A connection that the other side closed meanwhile is
// opened again, once: nothing of the question was answered on it.
func (r *Remote) with(ctx context.Context, ask func(*wire.Conn) error) error {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return r.away(ctx.Err())
	}
	conn, fresh, err := r.open(ctx)
	if err != nil {
		return err
	}
	err = r.during(ctx, conn, ask)
	if err != nil && !fresh && ctx.Err() == nil && broken(err) {
		r.drop(conn)
		if conn, _, err = r.open(ctx); err != nil {
			return err
		}
		err = r.during(ctx, conn, ask)
	}
	if broken(err) {
		r.drop(conn)
	}
	return meaning(err)
}

// during asks, and ends the connection when ctx ends.
func (r *Remote) during(ctx context.Context, conn *wire.Conn, ask func(*wire.Conn) error) error {
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	err := ask(conn)
	if !stop() && err != nil {
		return r.away(errors.Join(ctx.Err(), err))
	}
	return err
}

// open returns the service account's connection; fresh tells that it is new.
func (r *Remote) open(ctx context.Context) (conn *wire.Conn, fresh bool, err error) {
	r.mu.Lock()
	conn = r.conn
	closed := r.closed
	r.mu.Unlock()
	if closed {
		return nil, false, r.away(errors.New("it is connected no more"))
	}
	if conn != nil && !conn.IsClosing() {
		return conn, false, nil
	}
	if conn, err = r.dial(ctx, nil); err != nil {
		return nil, true, err
	}
	err = r.during(ctx, conn, func(c *wire.Conn) error { return c.Bind(r.principal(r.c.UserName), r.c.Password) })
	if err != nil {
		_ = conn.Close()
		return nil, true, fmt.Errorf("bind to %s as %s: %w", r.c.Name, r.c.UserName, meaning(err))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		_ = conn.Close()
		return nil, true, r.away(errors.New("it is connected no more"))
	}
	r.conn = conn
	return conn, true, nil
}

func (r *Remote) drop(conn *wire.Conn) {
	_ = conn.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.conn == conn {
		r.conn = nil
	}
}

// principal is the name with which an account logs on.
func (r *Remote) principal(name string) string {
	return directory.UserPrincipalName(name, r.c.Name)
}

func (r *Remote) base() string { return directory.DomainDN(r.c.Name) }

func (r *Remote) away(err error) error {
	return fmt.Errorf("reach %s: %w: %w", r.c.Name, directory.ErrUnreachable, err)
}

// Probe looks whether the directory answers and takes the service account.
func (r *Remote) Probe(ctx context.Context) (d directory.Domain, keys []string, err error) {
	d = directory.Domain{ID: r.c.DirectoryID, Name: r.c.Name}
	if len(r.c.Keys)+len(r.c.Authorities) == 0 { // the first time: believe whom DNS names, and remember them
		conn, err := r.dial(ctx, &keys)
		if err != nil {
			return d, nil, err
		}
		_ = conn.Close()
		first := &Remote{c: r.c, clk: r.clk, timeout: r.timeout, turn: make(chan struct{}, 1)}
		first.c.Keys = keys
		defer first.close()
		d, _, err = first.Probe(ctx)
		return d, keys, err
	}
	err = r.with(ctx, func(conn *wire.Conn) error {
		res, err := conn.Search(wire.NewSearchRequest(r.base(), wire.ScopeBaseObject, wire.NeverDerefAliases, 1, 0, false, "(objectClass=domain)", []string{"objectSid"}, nil))
		if err != nil {
			return err
		}
		if len(res.Entries) != 1 {
			return fmt.Errorf("%w: it has no domain %s", directory.ErrUnreachable, r.c.Name)
		}
		d.SID, err = directory.SIDText(res.Entries[0].GetRawAttributeValue("objectSid"))
		if err != nil {
			return err
		}
		res, err = conn.Search(wire.NewSearchRequest("CN=Partitions,CN=Configuration,"+r.base(), wire.ScopeSingleLevel, wire.NeverDerefAliases, 1, 0, false,
			"(&(objectClass=crossRef)(nETBIOSName=*))", []string{"nETBIOSName"}, nil))
		if err == nil && len(res.Entries) == 1 {
			d.ShortName = res.Entries[0].GetAttributeValue("nETBIOSName")
		}
		return err
	})
	return d, r.c.Keys, err
}
