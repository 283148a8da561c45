package house

import (
	"context"
	_ "embed"
	"log/slog"
	"net/http"

	"tamachi/internal/aws/services/workspaces"
	"tamachi/internal/desktops"
	"tamachi/internal/engine/metrics"
	"tamachi/internal/webaccess"
)

// startPage says what answers here, in Japanese and English. It holds no fact
// of this plane: anybody who reaches the port can read it.
//
//go:embed start.html
var startPage []byte

// pages answers what is no AWS call: whether the plane is there, its CA, the
// start page, and desktops in the browser.
func (h *House) pages() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", http.RedirectHandler("/_tamachi/", http.StatusFound))
	mux.Handle("GET /_tamachi", http.RedirectHandler("/_tamachi/", http.StatusFound))
	mux.HandleFunc("GET /_tamachi/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		_, _ = w.Write(startPage)
	})
	mux.HandleFunc("GET /_tamachi/ready", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
	})
	mux.HandleFunc("GET /_tamachi/ca.pem", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-pem-file")
		_, _ = w.Write(h.ca.PEM())
	})
	agentFile(mux)
	mux.HandleFunc("GET "+snapshotPath+"{token}", h.patchSnapshot)
	mux.HandleFunc("GET "+attachmentPath+"{ticket}", h.serveAttachment)
	h.installer(mux)
	h.web = webaccess.New(webaccess.Options{
		Passes: h.rooms.tamachi, Entry: h.rooms.workspaces, Lobby: h.lobby(), Display: h.desktops, Sessions: connections{h.rooms.workspaces, h.rooms.measures, h.o.Log}, Clock: h.o.Clock, Log: h.o.Log,
	})
	mux.Handle(webaccess.Prefix, h.web)
	return mux
}

func (h *House) lobby() lobby {
	return lobby{h.rooms.directories, h.rooms.workspaces, h.rooms.tamachi, h.gate.As(workspacesPrincipal)}
}

// ticketURL is where a browser on this machine redeems a ticket.
func (h *House) ticketURL(ticket string) string { return webaccess.TicketURL(h.access.HTTP, ticket) }

// screens tells the state of desktops to the room of the plane's own service.
type screens struct{ *workspaces.Service }

// State returns a WorkSpace's state, desktops.ErrNotFound if there is none.
func (s screens) State(ctx context.Context, account, region, workspaceID string) (string, error) {
	job, found, err := s.Job(ctx, account, region, workspaceID)
	if err == nil && !found {
		err = desktops.ErrNotFound
	}
	return job.State, err
}

// connections tells the room of the desktops and who measures them who looks at which desktop, and
// operators too. A stream whose times could not be stored goes on.
type connections struct {
	room     *workspaces.Service
	measures *metrics.Engine
	log      *slog.Logger
}

var _ webaccess.Sessions = connections{}

// Connected notes the begin of a session.
func (c connections) Connected(ctx context.Context, s desktops.Session) {
	c.log.InfoContext(ctx, "desktop session begins", "account", s.Account, "resource", s.ID)
	c.measures.Connected(s.ID)
	c.told(ctx, s, c.room.Connected(ctx, s))
}

// Disconnected notes its end.
func (c connections) Disconnected(ctx context.Context, s desktops.Session) {
	c.log.InfoContext(ctx, "desktop session ends", "account", s.Account, "resource", s.ID)
	c.measures.Disconnected(s.ID)
	c.told(ctx, s, c.room.Disconnected(ctx, s))
}

func (c connections) told(ctx context.Context, s desktops.Session, err error) {
	if err != nil {
		c.log.WarnContext(ctx, "time of a desktop session not stored", "account", s.Account, "resource", s.ID, "err", err)
	}
}
