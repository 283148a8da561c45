package webaccess

import (
	"encoding/json"
	"net/http"
)

// state tells the page how its desktop is: the WorkSpace's state in AWS's word
// and whether there is room for another stream.
func (h *Handler) state(w http.ResponseWriter, r *http.Request) {
	v, _, ok := h.visit(w, r)
	if !ok {
		return
	}
	h.mu.Lock()
	full := h.total >= maxStreams || h.streams[v.ID] >= maxPerDesktop
	h.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(struct {
		State string `json:"state"`
		Full  bool   `json:"full"`
	}{v.State, full}) // the visitor went away: nobody to tell
}
