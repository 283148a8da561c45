package webaccess

import (
	"net/http"

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
	in := desktops.NewPassword{SignIn: n.given(r), Next: n.Next}
	if n.User == "" {
		in.Secret = person(r)
	}
	secret, expires, err := h.o.Accounts.ChangePassword(r.Context(), in)
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
