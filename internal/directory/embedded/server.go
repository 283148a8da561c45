package embedded

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"tamachi/internal/directory"
)

// Limits bound what clients can cost.
type Limits struct {
	Bytes       int           // size of one request
	Connections int           // open at once, over all directories
	Entries     int           // in one answer or page, as Active Directory's MaxPageSize
	Hello       time.Duration // to send the next request before a bind
	Idle        time.Duration // the same after one
	Message     time.Duration // from the first to the last octet of a request
	Operation   time.Duration // to answer one request
}

// DefaultLimits are the limits of a Server that is given none.
func DefaultLimits() Limits {
	return Limits{
		Bytes: 64 << 10, Connections: 256, Entries: 1000,
		Hello: 15 * time.Second, Idle: 5 * time.Minute, Message: 5 * time.Second, Operation: 20 * time.Second,
	}
}

// Server answers LDAP for the directories of the plane.
type Server struct {
	accounts directory.Accounts
	keys     *tls.Config // nil = no TLS
	limits   Limits
	log      *slog.Logger
	wanted   chan order
	guests   chan guest
	ended    chan struct{} // closed when Run has returned
	seats    chan struct{} // one token a connection
	turns    chan struct{} // one token a password check
	accepted atomic.Int64
	refused  atomic.Int64
}

// order asks Run for the address of a directory.
type order struct {
	directoryID string
	reply       chan<- opened
}

type opened struct {
	addr string
	err  error
}

// New returns a server over accounts, which has the certificates of keys; nil is
// a server without TLS. It answers once Run runs.
func New(accounts directory.Accounts, keys *tls.Config, limits Limits, log *slog.Logger) *Server {
	s := &Server{
		accounts: accounts, keys: keys, limits: limits, log: log,
		wanted: make(chan order), guests: make(chan guest), ended: make(chan struct{}),
		seats: make(chan struct{}, limits.Connections),
		turns: make(chan struct{}, runtime.GOMAXPROCS(0)),
	}
	return s
}

// Binds counts the binds that named an account since the start, by outcome.
func (s *Server) Binds() (accepted, refused int64) { return s.accepted.Load(), s.refused.Load() }

// Endpoint returns the address (host:port on loopback) of a directory,
// directory.ErrNoDirectory if there is none. The first call for a directory
// opens the address; it waits for Run.
func (s *Server) Endpoint(ctx context.Context, directoryID string) (string, error) {
	if _, err := s.accounts.Directory(ctx, directoryID); err != nil {
		return "", fmt.Errorf("find the address of %s: %w", directoryID, err)
	}
	reply := make(chan opened, 1)
	select {
	case s.wanted <- order{directoryID, reply}:
	case <-s.ended:
		return "", fmt.Errorf("find the address of %s: %w", directoryID, directory.ErrUnreachable)
	case <-ctx.Done():
		return "", fmt.Errorf("find the address of %s: %w: %w", directoryID, directory.ErrUnreachable, ctx.Err())
	}
	o := <-reply
	return o.addr, o.err
}

// Run serves until ctx ends, then closes every connection and returns nil.
func (s *Server) Run(ctx context.Context) error {
	defer close(s.ended)
	g, ctx := errgroup.WithContext(ctx)
	doors := make(map[string]*door)
	for {
		select {
		case o := <-s.wanted:
			d, err := s.open(ctx, g, doors, o.directoryID)
			if err != nil {
				o.reply <- opened{err: err}
				continue
			}
			o.reply <- opened{addr: d.listener.Addr().String()}
		case o := <-s.guests:
			s.seat(ctx, g, o)
		case <-ctx.Done():
			for _, d := range doors {
				d.close()
			}
			return g.Wait()
		}
	}
}

// door is the listener of one directory.
type door struct {
	directoryID string
	listener    net.Listener
	once        sync.Once
	closed      chan struct{}
}

func (d *door) close() {
	d.once.Do(func() {
		close(d.closed)
		if d.listener != nil {
			d.listener.Close()
		}
	})
}

// open returns the door of a directory, a new one if there is none or it has
// been closed.
func (s *Server) open(ctx context.Context, g *errgroup.Group, doors map[string]*door, id string) (*door, error) {
	if d, ok := doors[id]; ok {
		select {
		case <-d.closed:
		default:
			return d, nil
		}
	}
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open an address for %s: %w: %w", id, directory.ErrUnreachable, err)
	}
	d := &door{directoryID: id, listener: l, closed: make(chan struct{})}
	doors[id] = d
	g.Go(func() error {
		s.accept(ctx, g, d)
		return nil
	})
	return d, nil
}

// accept takes connections until the door is closed. One connection too many
// is told so and closed; the others are not disturbed.
func (s *Server) accept(ctx context.Context, g *errgroup.Group, d *door) {
	for {
		conn, err := d.listener.Accept()
		if err != nil {
			select {
			case <-d.closed:
				return
			case <-time.After(50 * time.Millisecond): // out of file descriptors: others will go
				s.log.Warn("directory server cannot accept", "resource", d.directoryID, "err", err)
				continue
			}
		}
		s.seat(ctx, g, guest{door: d, conn: conn})
	}
}

// seat serves a connection if there is room for it.
func (s *Server) seat(ctx context.Context, g *errgroup.Group, c guest) {
	select {
	case s.seats <- struct{}{}:
	default:
		s.turnAway(c.conn)
		c.end()
		return
	}
	g.Go(func() error {
		defer c.end()
		defer func() { <-s.seats }()
		s.serve(ctx, c)
		return nil
	})
}

// turnAway tells a client that there is no room. So little fits into the
// buffer of a new connection that the write cannot block.
func (s *Server) turnAway(conn net.Conn) {
	defer conn.Close()
	if b, err := notice(result{code: busy, text: "too many connections"}); err == nil {
		_, _ = conn.Write(b) // a client that has gone already needs no answer
	}
}

// turn waits for leave to check a password, which costs a processor some 50
// milliseconds on purpose; done gives the leave back.
func (s *Server) turn(ctx context.Context) (done func(), err error) {
	select {
	case s.turns <- struct{}{}:
		return func() { <-s.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
