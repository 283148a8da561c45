package webaccess

import (
	"net/http"
	"time"
)

// state tells the page how its desktop is: the WorkSpace's state in AWS's word
// and whether there is room for another stream.
func (h *Handler) state(w http.ResponseWriter, r *http.Request) {
	v, _, ok := h.visit(w, r)
	if !ok {
		return
	}
	rules, err := h.rules(r.Context(), v)
	if err != nil {
		h.o.Log.Error("look up rules", "resource", v.ID, "err", err)
		http.Error(w, "the session could not be checked", http.StatusServiceUnavailable)
		return
	}
	h.mu.Lock()
	full := h.total >= maxStreams || h.streams[v.ID] >= maxPerDesktop
	h.mu.Unlock()
	waited := 0
	if !v.StateSince.IsZero() {
		waited = max(0, int(h.o.Clock.Now().Sub(v.StateSince).Seconds()))
	}
	answer(w, http.StatusOK, struct {
		State  string `json:"state"`
		Full   bool   `json:"full"`
		Waited int    `json:"waited"` // seconds since the state began
		Step   string `json:"step,omitempty"`
		Pct    int    `json:"percent,omitempty"`    // of the step, where it is known
		EndsAt int64  `json:"endsAt,omitempty"`     // of the browser session, milliseconds
		Signed bool   `json:"signed"`               // in by a person, who can be let in anew
		Paste  bool   `json:"paste"`                // text may go to the desktop
		Copy   bool   `json:"copy"`                 // and come from it
		Sound  bool   `json:"sound,omitempty"`      // it may be heard
		Talk   bool   `json:"microphone,omitempty"` // it may hear
		View   bool   `json:"view,omitempty"`       // this visitor only looks
		// Watched are those who look, as their names are.
		Watched []string `json:"watched,omitempty"`
		Papers  []listed `json:"papers,omitempty"` // that were printed, and wait to be fetched
		// Recorded are those who record it, as their names are.
		Recorded []string `json:"recorded,omitempty"`
	}{v.State, full, waited, v.Step, v.Percent, millis(v.Until), v.Person.UserName != "", rules.ClipboardIn, rules.ClipboardOut, rules.Sound && h.o.Doors != nil, rules.Microphone && h.o.Doors != nil, v.ViewOnly, h.watchers.of(v.ID), h.listed(v), h.filmed.of(v.ID)})
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
