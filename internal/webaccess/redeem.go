package webaccess

import (
	"errors"
	"net/http"
	"strings"

	"tamachi/internal/desktops"
)

// cookieName holds a session's secret; its path binds it to one desktop.
const cookieName = "tamachi-desktop"

// redeem trades a ticket for a session cookie and moves on to the page.
func (h *Handler) redeem(w http.ResponseWriter, r *http.Request) {
	t := texts(language(r.Header.Get("Accept-Language")))
	if r.Method != http.MethodGet || speculative(r) {
		// HEAD and prefetching are no person's wish: they use nothing up.
		w.Header().Set("Allow", http.MethodGet)
		http.Error(w, "open this link in a browser", http.StatusMethodNotAllowed)
		return
	}
	pass, err := h.o.Passes.Redeem(r.Context(), r.PathValue("ticket"))
	if errors.Is(err, desktops.ErrNoPass) {
		h.notice(w, r, http.StatusGone, t.Expired, t.ExpiredHow, "tamachi desktop open")
		return
	}
	if err != nil {
		h.o.Log.Error("redeem ticket", "err", err)
		h.notice(w, r, http.StatusServiceUnavailable, t.Broken, t.BrokenHow, "")
		return
	}
	http.Redirect(w, r, h.welcome(w, r, pass), http.StatusSeeOther)
}

// welcome gives the browser the cookie of a desktop, and returns its page.
func (h *Handler) welcome(w http.ResponseWriter, r *http.Request, pass desktops.Pass) (home string) {
	home = Prefix + "workspace/" + pass.ID + "/"
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: pass.Secret, Path: home, Expires: pass.Expires,
		HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode,
	})
	return home
}

// speculative reports a browser that loads ahead of its user.
// Source: Fetch, "Sec-Purpose"; Firefox's older X-Moz.
func speculative(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Sec-Purpose"), "prefetch") || r.Header.Get("X-Moz") == "prefetch"
}

// visit finds out who asks, by the cookie, and answers the request itself when
// that is nobody who may see the desktop of the path.
func (h *Handler) visit(w http.ResponseWriter, r *http.Request) (v desktops.Visit, secret string, ok bool) {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		http.Error(w, "no session", http.StatusUnauthorized)
		return v, "", false
	}
	v, err = h.o.Passes.Visit(r.Context(), cookie.Value)
	if err == nil && h.o.Entry != nil {
		err = h.o.Entry.Admit(r.Context(), v, client(r))
	}
	if b, ok := errors.AsType[*desktops.Barred](err); ok {
		h.o.Log.Warn("desktop not shown", "account", v.Account, "resource", v.ID, "err", err)
		h.failed(r.Context(), h.sessionOf(r, v), b.Why)
		answer(w, http.StatusForbidden, map[string]any{"reason": b.Why})
		return v, "", false
	}
	switch {
	case errors.Is(err, desktops.ErrDismissed):
		answer(w, http.StatusUnauthorized, map[string]any{"reason": desktops.Dismissed})
	case errors.Is(err, desktops.ErrNotFound):
		http.Error(w, "the desktop is gone", http.StatusNotFound)
	case errors.Is(err, desktops.ErrNoPass), err == nil && v.ID != r.PathValue("id"):
		http.Error(w, "no session", http.StatusUnauthorized)
	case err != nil:
		h.o.Log.Error("look up session", "err", err)
		http.Error(w, "the session could not be checked", http.StatusServiceUnavailable)
	default:
		return v, cookie.Value, true
	}
	return v, "", false
}
