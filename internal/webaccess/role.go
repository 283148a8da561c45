package webaccess

import (
	"errors"
	"net/http"

	"tamachi/internal/desktops"
)

// roleWish is what a person gives who wants to work in the console.
type roleWish struct {
	credentials
	Role string `json:"role"` // its name, in the account of their directory
}

// assume gives a person of a directory credentials of a role, in the answer and
// nowhere else: there is no cookie that another site could use.
func (h *Handler) assume(w http.ResponseWriter, r *http.Request) {
	var wish roleWish
	who, ok := h.tries(w, r, &wish, &wish.credentials)
	if !ok {
		return
	}
	key, err := h.o.Roles.Assume(r.Context(), wish.given(r), wish.Role)
	if errors.Is(err, desktops.ErrNoRole) {
		h.brake.good(who) // the password was right
		h.o.Log.Warn("role refused", "resource", who.address, "err", err)
		answer(w, http.StatusForbidden, map[string]any{"reason": "norole"})
		return
	}
	if h.refused(w, who, err) {
		return
	}
	h.brake.good(who)
	answer(w, http.StatusOK, map[string]any{
		"accessKeyId": key.AccessKeyID, "secretAccessKey": key.SecretAccessKey, "sessionToken": key.SessionToken,
		"region": key.Region, "expires": key.Expires.UnixMilli(),
	})
}
