package house

import (
	"errors"
	"net/http"
	"strings"

	"tamachi/internal/desktops"
)

// logoPath is where the logos of sign-in pages lie.
const logoPath = "/_tamachi/logo/"

// logoURL is where a browser on this machine, or at the address for browsers,
// fetches a logo.
func (h *House) logoURL(name string) string {
	base := h.access.HTTP
	if h.o.Config.URL != "" {
		base = strings.TrimSuffix(h.o.Config.URL, "/")
	}
	return base + logoPath + name + ".png"
}

// serveLogo answers with a picture. It is shown to people who have not signed in
// yet, so that nobody is asked who they are.
func (h *House) serveLogo(w http.ResponseWriter, r *http.Request) {
	data, err := h.rooms.workspaces.Logo(r.Context(), strings.TrimSuffix(r.PathValue("name"), ".png"))
	if errors.Is(err, desktops.ErrNotFound) {
		http.NotFound(w, r)
		return
	}
	if err != nil {
		h.o.Log.Error("logo not read", "err", err)
		http.Error(w, "the logo cannot be read now", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write(data)
}
