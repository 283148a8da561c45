package webaccess

import (
	"net"
	"net/http"
	"time"
)

// diagnosis is what the page of ways in is given.
type diagnosis struct {
	Lang, Host, Port, Scheme, Date string
	diagnoseText
}

// diagnose is the page on which a person finds out, with their own browser,
// which of the ways in is blocked. It needs no session, tells nothing of the
// plane but its time, and is the browser's half of `tamachi diagnose client`:
// that it is shown at all proves the name, the port and the certificate.
func (h *Handler) diagnose(w http.ResponseWriter, r *http.Request) {
	lang := language(r.Header.Get("Accept-Language"))
	d := diagnosis{Lang: lang, Date: h.o.Clock.Now().Format(time.DateOnly), diagnoseText: diagnoseTexts(lang)}
	d.Host, d.Port, d.Scheme = askedFor(r)
	h.write(w, http.StatusOK, "diagnose.html", d)
}

// askedFor is where the browser found the page.
func askedFor(r *http.Request) (host, port, scheme string) {
	scheme, port = "https", "443"
	if r.TLS == nil {
		scheme, port = "http", "80"
	}
	if h, p, err := net.SplitHostPort(r.Host); err == nil {
		return h, p, scheme
	}
	return r.Host, port, scheme
}

// now tells the plane's time, to the millisecond: the Date of an answer has
// seconds only, and proxies that keep answers keep it.
func (h *Handler) now(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]int64{"now": h.o.Clock.Now().UnixMilli()})
}
