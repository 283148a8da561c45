package webaccess

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"tamachi/internal/desktops"
)

// Invitations are the one-time links by which people who were invited set their
// password.
type Invitations interface {
	// Guest says whose a link is; desktops.ErrNoPass for one that is unknown,
	// used or expired, here and below.
	Guest(ctx context.Context, secret string) (desktops.Guest, error)
	// Accept sets the password, once. The error is a *desktops.WeakPasswordError
	// for a password that will not do, and desktops.ErrKeptOut for an account
	// that was disabled.
	Accept(ctx context.Context, g desktops.Guest, secret, password string) error
}

// InvitationURL returns the address of an invitation's link. Its secret stands
// behind the #, which browsers keep to themselves: it is in no log, and what
// fetches links of mails to look at them uses nothing up.
func InvitationURL(base, secret string) string { return base + Prefix + "invitation/#" + secret }

// SignInURL returns the address at which people sign in.
func SignInURL(base string) string { return base + Prefix }

// acceptance is what the page sends.
type acceptance struct {
	Token    string `json:"token"`
	Password string `json:"password"`
}

func (h *Handler) invitations() {
	h.mux.HandleFunc("GET "+Prefix+"invitation/{$}", h.invitationPage)
	h.mux.HandleFunc("POST "+Prefix+"invitation/guest", h.guest)
	h.mux.HandleFunc("POST "+Prefix+"invitation/accept", h.accept)
}

// invitationPage serves the page on which a password is set.
func (h *Handler) invitationPage(w http.ResponseWriter, r *http.Request) {
	lang := language(r.Header.Get("Accept-Language"))
	h.write(w, http.StatusOK, "invitation.html", invitationTexts(lang))
}

// guest tells whose the link is.
func (h *Handler) guest(w http.ResponseWriter, r *http.Request) {
	a, g, ok := h.invited(w, r)
	if !ok {
		return
	}
	h.brake.good(attempt{address: client(r), user: invitationBrake(a.Token)})
	answer(w, http.StatusOK, map[string]any{"user": g.UserName, "code": g.RegistrationCode})
}

// accept sets the password.
func (h *Handler) accept(w http.ResponseWriter, r *http.Request) {
	a, g, ok := h.invited(w, r)
	if !ok {
		return
	}
	err := h.o.Invitations.Accept(r.Context(), g, a.Token, a.Password)
	if weak, ok := errors.AsType[*desktops.WeakPasswordError](err); ok {
		answer(w, http.StatusUnprocessableEntity, map[string]any{"reason": weakness(weak)})
		return
	}
	switch {
	case errors.Is(err, desktops.ErrNoPass):
		answer(w, http.StatusNotFound, map[string]any{"reason": "used"})
	case errors.Is(err, desktops.ErrKeptOut):
		answer(w, http.StatusForbidden, map[string]any{"reason": "keptout"})
	case err != nil:
		h.o.Log.Error("accept an invitation", "err", err)
		answer(w, http.StatusServiceUnavailable, map[string]any{"reason": "away"})
	default:
		answer(w, http.StatusOK, map[string]any{"user": g.UserName, "code": g.RegistrationCode})
	}
}

// invited reads a request of the page and finds whose its link is; who tries
// links must wait like who guesses passwords. ok is false when it was answered.
func (h *Handler) invited(w http.ResponseWriter, r *http.Request) (a acceptance, g desktops.Guest, ok bool) {
	if !sameOrigin(r) {
		http.Error(w, "this is for its own page only", http.StatusForbidden)
		return a, g, false
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, largestForm)).Decode(&a); err != nil {
		http.Error(w, "no invitation", http.StatusBadRequest)
		return a, g, false
	}
	who := attempt{address: client(r), user: invitationBrake(a.Token)}
	if wait := h.brake.wait(who, h.o.Clock.Now()); wait > 0 {
		answer(w, http.StatusTooManyRequests, map[string]any{"reason": "later", "seconds": int(wait.Seconds()) + 1})
		return a, g, false
	}
	g, err := h.o.Invitations.Guest(r.Context(), a.Token)
	switch {
	case errors.Is(err, desktops.ErrNoPass):
		h.brake.failed(who, h.o.Clock.Now())
		h.o.Log.Warn("invitation refused", "resource", who.address)
		answer(w, http.StatusNotFound, map[string]any{"reason": "used"})
	case err != nil:
		h.o.Log.Error("look up an invitation", "err", err)
		answer(w, http.StatusServiceUnavailable, map[string]any{"reason": "away"})
	default:
		return a, g, true
	}
	return a, g, false
}

// invitationBrake is the name under which wrong tries of a link are counted,
// apart from users; the start of it is enough and is no secret's worth.
func invitationBrake(token string) string { return "invitation/" + token[:min(len(token), 6)] }
