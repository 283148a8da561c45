package house

import (
	_ "embed"
	"net/http"

	"tamachi/internal/console"
	"tamachi/internal/desktops"
	"tamachi/internal/webaccess"
)

// startPage says what answers here, in Japanese and English. It holds no fact
// of this plane: anybody who reaches the port can read it.
//
//go:embed start.html
var startPage []byte

// pages answers what is no AWS call: whether the plane is there, its CA, the
// start page, desktops in the browser, and the console.
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
	mux.HandleFunc("GET "+certificatePath+"{name}", h.serveCertificate)
	mux.HandleFunc("GET "+logoPath+"{name}", h.serveLogo)
	doors, _ := h.desktops.(desktops.Doors) // nil where desktops have none
	h.web = webaccess.New(webaccess.Options{
		MailDomain: h.o.Config.SenderDomain(),
		Passes:     h.rooms.tamachi, Entry: entry{h.rooms.workspaces, h.rooms.directories}, Lobby: h.lobby(), Accounts: h.lobby(), Roles: delegated{h.lobby(), h}, Invitations: invitations{h.rooms.tamachi, h.gate.As(workspacesPrincipal)}, Display: h.desktops,
		Sessions: h.connections(), Rules: passage{h.rooms.workspaces, h.rooms.tamachi}, Recordings: h.rooms.tamachi, Shelf: h.shelf, Doors: doors, Printed: h.printed, Moved: h.bell.Listen, Clock: h.o.Clock, Log: h.o.Log,
	})
	mux.Handle(webaccess.Prefix, h.web)
	if h.o.Desk != nil && h.o.Desk.Answers != nil {
		mux.Handle(answersPath+"/", http.StripPrefix(answersPath, h.o.Desk.Answers))
	}
	mux.Handle("GET "+console.Prefix[:len(console.Prefix)-1], http.RedirectHandler(console.Prefix, http.StatusFound))
	mux.Handle(console.Prefix, console.New())
	return mux
}

func (h *House) lobby() lobby {
	return lobby{h.rooms.directories, h.rooms.workspaces, h.rooms.tamachi, h.gate.As(workspacesPrincipal), h.o.Log, guises{h}}
}

// ticketURL is where a browser on this machine redeems a ticket.
func (h *House) ticketURL(ticket string) string { return webaccess.TicketURL(h.access.HTTP, ticket) }
