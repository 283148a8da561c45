// Package house puts the plane together: configuration, store, providers,
// rooms, gate, engines, servers. It is the only package that knows all of them
// and holds no rule of its own.
package house

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/gate"
	"tamachi/internal/aws/wire"
	"tamachi/internal/bus"
	"tamachi/internal/ca"
	"tamachi/internal/clock"
	"tamachi/internal/config"
	"tamachi/internal/desktops"
	"tamachi/internal/engine/metrics"
	"tamachi/internal/engine/notice"
	"tamachi/internal/id"
	"tamachi/internal/notify"
	"tamachi/internal/seal"
	"tamachi/internal/store"
	"tamachi/internal/webaccess"
	"tamachi/internal/webaccess/recording"
)

// ErrCannotStart marks what a person must mend before a plane can start: a
// folder or port that is taken, a right that is missing.
var ErrCannotStart = errors.New("cannot start")

// Options are what a house is built from. Config and Log are required.
type Options struct {
	Config config.Config
	Log    *slog.Logger
	// Clock, IDs and Desktops are the machine's own when nil; tests give others.
	Clock    clock.Clock
	IDs      *id.Source
	Desktops desktops.Provider
	// Exe is the program that runs inside of desktops, the small one when empty;
	// Meter tells what desktops used, their provider when nil. Tests, which are no
	// tamachi and have no hour to spare, give others.
	Exe   string
	Meter func(desktops.Provider) metrics.Meter
	// Notices is where notices go; that of the settings when nil.
	Notices notify.Sender
	// Desk is that of the user who runs the plane; without one the rows of the
	// desk refuse.
	Desk *Desk
	// Rehearse is the store's: tests set it.
	Rehearse bool

	// What the worlds of a lab share; nil elsewhere.
	listener net.Listener
	ca       *ca.Authority
}

// House is a plane that is ready to run.
type House struct {
	o             Options
	me            identity
	store         *store.Store
	bell          *bus.Bell
	box           *seal.Box
	unlock        func() error
	listener      net.Listener
	names         names
	bridge        net.Listener // nil when the provider has none
	ca            *ca.Authority
	desktops      desktops.Provider
	notices       *notice.Engine
	outside       *outside
	rooms         *rooms
	gate          *gate.Gate
	tally         *tally // nil but under test
	door          *wire.Door
	acting        actors // of executions of Automation
	web           *webaccess.Handler
	shelf         *recording.Shelf                  // nil in a lab
	image         atomic.Pointer[desktops.Progress] // of the desktops' image; nil inside when it is there
	access        Access
	administrator api.Caller // whom access signs as
}

// Open takes the data folder and the address, opens the store and builds the
// rooms. Nothing runs yet. A house that was opened must be closed, or run.
func Open(ctx context.Context, o Options) (*House, error) {
	if o.Clock == nil {
		o.Clock = clock.Real{}
	}
	if o.IDs == nil {
		o.IDs = id.Random()
	}
	h := &House{o: o, bell: bus.New()}
	for _, step := range []func(context.Context) error{
		h.take, h.openNames, h.openStore, h.openKeys, h.openAuthority, h.openDesktops, h.openNotices, h.build, h.reseal, h.introduce,
	} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, h.Close())
		}
	}
	return h, nil
}

// HTTP is the address for plain HTTP.
func (h *House) HTTP() string { return h.access.HTTP }

// HTTPS is the same address for TLS, by a name the CA signs.
func (h *House) HTTPS() string { return h.access.HTTPS }

// Access is what a client on this machine needs; it holds a secret.
func (h *House) Access() Access { return h.access }

// Gate gives tests the rows of all rooms.
func (h *House) Gate() *gate.Gate { return h.gate }

// Administrator gives tests the caller that Access signs as.
func (h *House) Administrator() api.Caller { return h.administrator }

// Upkeep does at once what time has brought to the rooms, and stops desktops
// that nobody uses or starts those whose night it is, for tests that move a clock.
func (h *House) Upkeep(ctx context.Context) error {
	return errors.Join(h.rooms.upkeep.Once(ctx), h.stopper().Once(ctx), h.maintainer().Once(ctx))
}

// Run serves until ctx ends, then drains and closes the house. ready is called
// when calls are accepted.
func (h *House) Run(ctx context.Context, ready func()) error {
	if note := h.desktops.About().Note; note != "" {
		h.o.Log.Warn("desktops are limited here", "action", note)
	}
	h.o.Log.Info("store is open", "resource", h.store.Durability())
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return h.work(ctx) })
	if h.names.udp != nil {
		g.Go(func() error { return h.serveNames(ctx) })
	}
	if h.bridge != nil {
		g.Go(func() error { return h.serveBridge(ctx) })
	}
	g.Go(func() error {
		return wire.Serve(ctx, wire.Split(wire.Limit(h.listener, h.o.Log), h.ca.TLS(), h.rooms.directories.server), h.door, h.o.Log)
	})
	ready()
	return errors.Join(g.Wait(), h.Close())
}

// work runs everything but the servers until ctx ends.
func (h *House) work(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	defer context.AfterFunc(ctx, h.web.Close)()
	defer context.AfterFunc(ctx, h.rooms.fleet.Gateway.Close)()
	for _, run := range h.rooms.runners {
		g.Go(func() error { return run(ctx) })
	}
	return g.Wait()
}

// Close gives up what Open took.
func (h *House) Close() error {
	var errs []error
	h.names.close()
	for _, l := range []net.Listener{h.listener, h.bridge} {
		if l == nil || l == h.o.listener {
			continue
		}
		if err := l.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if c, ok := h.desktops.(io.Closer); ok {
		errs = append(errs, c.Close())
	}
	if h.rooms != nil {
		errs = append(errs, h.rooms.directories.remotes.Close())
	}
	if h.store != nil {
		errs = append(errs, h.store.Close())
	}
	if h.tally != nil {
		errs = append(errs, h.tally.file.Close())
	}
	if h.unlock != nil {
		errs = append(errs, h.unlock())
		h.unlock = nil
	}
	return errors.Join(errs...)
}

// cannotListen says why an address cannot be had, and what can be done.
func cannotListen(address string, err error) error {
	remedy := "stop what uses it, or choose another address with --listen"
	switch {
	case errors.Is(err, unix.EADDRNOTAVAIL):
		remedy = "this machine has no such address; choose one that it has with --listen, 0.0.0.0 stands for all"
	case errors.Is(err, unix.EACCES):
		remedy = "choose a port from 1024 on with --listen, or run it as root"
	}
	return fmt.Errorf("%w: listen on %s: %w; %s", ErrCannotStart, address, errors.Unwrap(err), remedy)
}

// take makes the data folder this process's own, and the address. Where the
// address is taken, a folder that is not there is not made.
func (h *House) take(ctx context.Context) (err error) {
	if h.o.listener != nil {
		h.listener = h.o.listener
		return nil
	}
	var busy error
	if h.listener, err = new(net.ListenConfig).Listen(ctx, "tcp", h.o.Config.Listen); err != nil {
		busy = cannotListen(h.o.Config.Listen, err)
		if _, err := os.Stat(h.o.Config.Data); errors.Is(err, fs.ErrNotExist) {
			return busy
		}
	}
	unlock, err := store.Lock(h.o.Config.Data)
	if inUse, ok := errors.AsType[*store.InUseError](err); ok {
		return fmt.Errorf("%w: %w", ErrCannotStart, inUse) // says more than the address of the same plane
	}
	if err != nil {
		return fmt.Errorf("%w: take the data folder: %w; choose one that can be written with --data", ErrCannotStart, err)
	}
	h.unlock = unlock
	return busy
}

func (h *House) openStore(ctx context.Context) (err error) {
	path := filepath.Join(h.o.Config.Data, "tamachi.db")
	if h.o.Config.Lab {
		path = "" // in memory
	}
	h.store, err = store.Open(ctx, store.Options{Path: path, Clock: h.o.Clock, Bell: h.bell, Rehearse: h.o.Rehearse}, tables()...)
	if err != nil {
		return err
	}
	h.me, err = recognize(ctx, h.store, h.o.IDs, h.listener.Addr().(*net.TCPAddr).Port, h.o.Config.Account)
	return err
}

func (h *House) openAuthority(context.Context) (err error) {
	if h.o.ca != nil {
		h.ca = h.o.ca
		return nil
	}
	dir := filepath.Join(h.o.Config.Data, "ca")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the CA's folder: %w", err)
	}
	h.ca, err = ca.Open(ca.Options{Folder: dir, DataID: h.me.ID, Domain: h.o.Config.Domain, Clock: h.o.Clock, IDs: h.o.IDs})
	if err != nil {
		return err
	}
	for _, addr := range listensOn(h.listener) {
		if addr.IsPrivate() {
			if err := h.ca.Permit(addr); err != nil {
				return err
			}
		}
	}
	return nil
}

// listensOn lists the addresses at which clients reach a listener: its own, or
// all of the machine's when it has none.
func listensOn(l net.Listener) []netip.Addr {
	own := l.Addr().(*net.TCPAddr).AddrPort().Addr().Unmap()
	if !own.IsUnspecified() {
		return []netip.Addr{own}
	}
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil // TLS by address will not work; by name it does
	}
	var out []netip.Addr
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok {
			if ip, ok := netip.AddrFromSlice(n.IP); ok {
				out = append(out, ip.Unmap())
			}
		}
	}
	return out
}

// introduce sees to the administrator and writes the files by which clients on
// this machine find the plane.
func (h *House) introduce(ctx context.Context) error {
	admin, err := h.rooms.iam.Bootstrap(ctx, h.me.Account)
	if err != nil {
		return err
	}
	h.administrator = admin.Caller
	host, port, err := net.SplitHostPort(h.listener.Addr().String())
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	h.access = Access{
		HTTP: "http://" + net.JoinHostPort(host, port), HTTPS: "https://" + net.JoinHostPort("localhost", port),
		Region: h.o.Config.Region, Account: h.me.Account,
		AccessKeyID: admin.Caller.AccessKeyID, SecretAccessKey: admin.Secret,
		CAFile: filepath.Join(h.o.Config.Data, "ca", "ca.crt"),
	}
	if h.o.Config.Lab {
		h.access.CAFile = ""
		return nil
	}
	if err := replace(h.access.CAFile, string(h.ca.PEM())); err != nil {
		return fmt.Errorf("write the CA's certificate: %w", err)
	}
	return h.access.write(h.o.Config.Data)
}
