package webaccess

import (
	"encoding/base64"
	"net/http"

	"rsc.io/qr"

	"tamachi/internal/desktops"
)

// signInView is what the sign-in page is given.
type signInView struct {
	view
	Account accountText
	Own     bool // people look after their accounts here
}

// newPassword is what a person sends to change their password; who is signed in
// leaves registration code and user away.
type newPassword struct {
	credentials
	Next string `json:"next"`
}

// changePassword gives a person another password, and lets them in.
func (h *Handler) changePassword(w http.ResponseWriter, r *http.Request) {
	var n newPassword
	who, ok := h.tries(w, r, &n, &n.credentials)
	if !ok {
		return
	}
	secret, expires, err := h.o.Accounts.ChangePassword(r.Context(), desktops.NewPassword{Proof: n.proof(r), Next: n.Next})
	h.let(w, r, who, secret, expires, err)
}

// proof is what a person gave who signs in, or is signed in.
func (c credentials) proof(r *http.Request) desktops.Proof {
	p := desktops.Proof{SignIn: c.given(r)}
	if c.User == "" {
		p.Secret = person(r)
	}
	return p
}

// beginFactor shows a person what their authenticator app is to know: a picture
// for its camera, and the key for who types.
func (h *Handler) beginFactor(w http.ResponseWriter, r *http.Request) {
	var c credentials
	who, ok := h.tries(w, r, &c, &c)
	if !ok {
		return
	}
	e, err := h.o.Accounts.BeginFactor(r.Context(), c.proof(r))
	if h.refused(w, who, err) {
		return
	}
	picture, err := qr.Encode(e.URI, qr.M)
	if h.refused(w, who, err) {
		return
	}
	answer(w, http.StatusOK, map[string]any{
		"key": e.Seed, "uri": e.URI, "picture": "data:image/png;base64," + base64.StdEncoding.EncodeToString(picture.PNG()),
	})
}

// finishFactor takes the app's first code and lets the person in.
func (h *Handler) finishFactor(w http.ResponseWriter, r *http.Request) {
	var c credentials
	who, ok := h.tries(w, r, &c, &c)
	if !ok {
		return
	}
	secret, expires, err := h.o.Accounts.FinishFactor(r.Context(), c.proof(r))
	h.let(w, r, who, secret, expires, err)
}

// weakness is the reason by which a page finds what to say of a password.
func weakness(weak *desktops.WeakPasswordError) string {
	for _, s := range weakTexts("en") {
		if s.Name == "weak-"+weak.Why {
			return s.Name
		}
	}
	return "weak-unfit"
}
