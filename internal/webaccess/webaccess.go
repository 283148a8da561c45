package webaccess

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"regexp"
	"sync"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/webaccess/recording"
)

// Prefix is where the handler lives on the plane's port.
const Prefix = "/_tamachi/desktop/"

// Limits of simultaneous streams. A person has a few windows open; a plane of
// one machine shows some hundred desktops.
const (
	maxPerDesktop = 8
	maxStreams    = 1024
)

// Options is what a Handler needs. Sessions may be nil: nobody is told then.
type Options struct {
	Passes      Passes
	Entry       Entry       // nil lets in whoever has a session
	Lobby       Lobby       // nil: desktops are opened by tickets only
	Accounts    Accounts    // nil: what people sign in with is not changed here
	Roles       Roles       // nil: nobody gets a role here
	Invitations Invitations // nil: nobody sets a password here
	Display     Display
	Sessions    Sessions
	Rules       Rules          // nil allows everything
	Recordings  Recordings     // nil, or no Shelf: nothing is recorded
	Doors       desktops.Doors // nil: no sound, no microphone, no printer
	// Printed keeps that a document was printed, before anybody gets it; nil
	// keeps nothing.
	Printed func(ctx context.Context, s desktops.Session, d Sheet) error
	Shelf   *recording.Shelf // where recordings lie
	// Moved returns a channel that receives after each change in the plane, and
	// a function that ends the listening; nil: open streams are looked at at
	// every ping only.
	Moved func() (<-chan struct{}, func())
	Clock clock.Clock
	Log   *slog.Logger
	// MailDomain is the domain below which invitations are sent, for the page of
	// help.
	MailDomain string
}

// Handler serves everything under Prefix.
type Handler struct {
	o        Options
	mux      *http.ServeMux
	viewer   fs.FS    // noVNC as built by make; nil when it was not built
	modules  []string // what the desktop's page runs
	etags    map[string]string
	done     chan struct{} // closed by Close
	ping     time.Duration // between two looks at an open stream
	rest     time.Duration // from a change in the plane to the look that it asks for
	meter    time.Duration // between two measurements of an open stream
	brake    *brake
	told     once
	watchers watchers
	filmed   filmed
	papers   papers
	flush    time.Duration // between two moments at which recordings are durable

	mu      sync.Mutex
	streams map[string]int // guarded by mu; open streams by desktop
	total   int            // guarded by mu
	closed  bool           // guarded by mu
}

var workspaceID = regexp.MustCompile(`^ws-[0-9a-z]{8,63}$`)

// New returns the handler. It serves the pages without the viewer, and says
// so, when the binary was built without `make`.
func New(o Options) *Handler { return open(o, builtViewer()) }

func open(o Options, viewer fs.FS) *Handler {
	h := &Handler{
		o: o, mux: http.NewServeMux(), viewer: viewer,
		etags: make(map[string]string), done: make(chan struct{}), ping: pingEvery, rest: restEvery, meter: meterEvery, flush: flushEvery,
		streams: make(map[string]int), brake: newBrake(),
	}
	if o.Lobby != nil {
		h.mux.HandleFunc("GET "+Prefix+"{$}", h.signInPage)
		h.mux.HandleFunc("POST "+Prefix+"sign-in", h.signIn)
		h.mux.HandleFunc("POST "+Prefix+"sign-out", h.signOut)
		h.mux.HandleFunc("GET "+Prefix+"mine", h.own)
		h.mux.HandleFunc("POST "+Prefix+"mine/{id}", h.enterOwn)
		h.mux.HandleFunc("POST "+Prefix+"mine/{id}/{wish}", h.ask)
	}
	if o.Accounts != nil {
		h.mux.HandleFunc("POST "+Prefix+"password", h.changePassword)
		h.mux.HandleFunc("POST "+Prefix+"factor", h.beginFactor)
		h.mux.HandleFunc("POST "+Prefix+"factor/confirm", h.finishFactor)
	}
	if o.Roles != nil {
		h.mux.HandleFunc("POST "+Prefix+"role", h.assume)
	}
	if o.Invitations != nil {
		h.invitations()
	}
	if o.Recordings != nil && o.Shelf != nil {
		h.playback()
	}
	h.mux.HandleFunc("GET "+Prefix+"probe", h.echo)
	h.mux.HandleFunc("GET "+Prefix+"diagnose", h.diagnose)
	h.mux.HandleFunc("GET "+Prefix+"help", h.help)
	h.mux.HandleFunc("GET "+Prefix+"now", h.now)
	h.mux.HandleFunc("GET "+Prefix+"open/{ticket}", h.redeem)
	h.mux.HandleFunc("GET "+Prefix+"workspace/{id}/{$}", h.page)
	h.mux.HandleFunc("GET "+Prefix+"workspace/{id}/state", h.state)
	h.mux.HandleFunc("GET "+Prefix+"workspace/{id}/stream", h.stream)
	h.mux.HandleFunc("GET "+Prefix+"workspace/{id}/sound", h.sound)
	h.mux.HandleFunc("GET "+Prefix+"workspace/{id}/microphone", h.microphone)
	h.mux.HandleFunc("GET "+Prefix+"workspace/{id}/paper/{n}", h.paper)
	h.mux.Handle("GET "+Prefix+"assets/", h.files(Prefix+"assets/", ownAssets()))
	if viewer != nil {
		h.modules = modules("app.js", viewer)
		h.mux.Handle("GET "+Prefix+"novnc/", h.files(Prefix+"novnc/", viewer))
	}
	return h
}

// ServeHTTP answers a request under Prefix.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	h.mux.ServeHTTP(w, r)
}

// Close ends every open stream and refuses new ones. http.Server.Shutdown does
// not know of streams, since their connections were taken over.
func (h *Handler) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.closed {
		h.closed = true
		close(h.done)
	}
}

// TicketURL returns the address at which a ticket is redeemed. Base is the
// plane's own address without a slash at its end.
func TicketURL(base, ticket string) string { return base + Prefix + "open/" + ticket }

// secure forbids what the page does not need: foreign or inline code, being
// framed, and telling other sites where the visitor came from.
func secure(hd http.Header) {
	hd.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; "+
		"img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	hd.Set("X-Frame-Options", "DENY")
	hd.Set("X-Content-Type-Options", "nosniff")
	hd.Set("Referrer-Policy", "no-referrer")
	hd.Set("Cross-Origin-Opener-Policy", "same-origin")
	hd.Set("Cross-Origin-Resource-Policy", "same-origin")
	hd.Set("Permissions-Policy", "clipboard-read=(self), clipboard-write=(self), fullscreen=(self), microphone=(self), camera=()")
	hd.Set("Cache-Control", "no-store")
}

// enter counts a stream in; it is false when there are too many.
func (h *Handler) enter(id string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.total >= maxStreams || h.streams[id] >= maxPerDesktop {
		return false
	}
	h.total++
	h.streams[id]++
	return true
}

func (h *Handler) leave(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.total--
	if h.streams[id]--; h.streams[id] == 0 {
		delete(h.streams, id)
	}
}
