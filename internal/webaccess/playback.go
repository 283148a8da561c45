package webaccess

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"net/http"
	"strconv"

	"tamachi/internal/desktops"
	"tamachi/internal/webaccess/recording"
)

const (
	// filmCookie holds the secret of a playback; its path binds it to one
	// recording.
	filmCookie = "tamachi-recording"
	// atOnce bounds the chunks of one answer, but for its first.
	atOnce = 4 << 20
)

// playback adds the pages of recordings.
func (h *Handler) playback() {
	h.mux.HandleFunc("GET "+Prefix+"open-recording/{ticket}", h.redeemPlayback)
	h.mux.HandleFunc("GET "+Prefix+"export-recording/{ticket}", h.export)
	h.mux.HandleFunc("GET "+Prefix+"recording/{id}/{$}", h.recordingPage)
	h.mux.HandleFunc("GET "+Prefix+"recording/{id}/index", h.recordingIndex)
	h.mux.HandleFunc("GET "+Prefix+"recording/{id}/chunks/{first}", h.recordingChunks)
}

// PlaybackURL returns the address at which a ticket for a recording is redeemed.
func PlaybackURL(base, ticket string) string { return base + Prefix + "open-recording/" + ticket }

// ExportURL returns the address of a recording's file.
func ExportURL(base, ticket string) string { return base + Prefix + "export-recording/" + ticket }

// redeemPlayback trades a ticket for the cookie of a recording and moves on.
func (h *Handler) redeemPlayback(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || speculative(r) {
		w.Header().Set("Allow", http.MethodGet)
		http.Error(w, "open this link in a browser", http.StatusMethodNotAllowed)
		return
	}
	pass, err := h.o.Recordings.RedeemPlayback(r.Context(), r.PathValue("ticket"))
	if err != nil {
		h.noFilm(w, r, err)
		return
	}
	home := Prefix + "recording/" + pass.ID + "/"
	http.SetCookie(w, &http.Cookie{
		Name: filmCookie, Value: pass.Secret, Path: home, Expires: pass.Expires,
		HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode,
	})
	http.Redirect(w, r, home, http.StatusSeeOther)
}

// noFilm answers a ticket that opens nothing.
func (h *Handler) noFilm(w http.ResponseWriter, r *http.Request, err error) {
	t := texts(language(r.Header.Get("Accept-Language")))
	if errors.Is(err, desktops.ErrNoPass) {
		h.notice(w, r, http.StatusGone, t.Expired, t.ExpiredHow, "tamachi desktop recording")
		return
	}
	h.o.Log.Error("redeem ticket", "err", err)
	h.notice(w, r, http.StatusServiceUnavailable, t.Broken, t.BrokenHow, "")
}

// recordingPage is the shell of the player, the same for everyone; what may be
// seen is decided at the index and the chunks.
func (h *Handler) recordingPage(w http.ResponseWriter, r *http.Request) {
	lang := language(r.Header.Get("Accept-Language"))
	h.write(w, http.StatusOK, "recording.html", struct {
		Lang, ID string
		filmText
	}{lang, r.PathValue("id"), filmTexts(lang)})
}

// reader opens the recording that the request's cookie shows.
func (h *Handler) reader(w http.ResponseWriter, r *http.Request) (*recording.Reader, desktops.Recording, bool) {
	cookie, err := r.Cookie(filmCookie)
	if err != nil {
		http.Error(w, "no session", http.StatusUnauthorized)
		return nil, desktops.Recording{}, false
	}
	rec, err := h.o.Recordings.Playback(r.Context(), cookie.Value)
	switch {
	case errors.Is(err, desktops.ErrNoPass), err == nil && rec.ID != r.PathValue("id"):
		http.Error(w, "no session", http.StatusUnauthorized)
		return nil, rec, false
	case errors.Is(err, desktops.ErrNotFound):
		http.Error(w, "the recording was deleted", http.StatusNotFound)
		return nil, rec, false
	case err != nil:
		h.o.Log.Error("look up session", "err", err)
		http.Error(w, "the session could not be checked", http.StatusServiceUnavailable)
		return nil, rec, false
	}
	film, ok := h.openFilm(w, rec)
	return film, rec, ok
}

func (h *Handler) openFilm(w http.ResponseWriter, rec desktops.Recording) (*recording.Reader, bool) {
	film, err := h.o.Shelf.Open(rec.ID)
	if errors.Is(err, fs.ErrNotExist) {
		http.Error(w, "nothing is recorded yet", http.StatusNotFound)
		return nil, false
	}
	if err != nil {
		h.o.Log.Error("open recording", "resource", rec.ID, "err", err)
		http.Error(w, "the recording cannot be read", http.StatusInternalServerError)
		return nil, false
	}
	return film, true
}

// filmIndex is what a player needs before it begins.
type filmIndex struct {
	ID      string     `json:"id"`
	Desktop string     `json:"desktop"`
	User    string     `json:"user"`
	By      string     `json:"by"`
	Start   int64      `json:"start"`
	Live    bool       `json:"live"`
	Chunks  [][3]int64 `json:"chunks"` // whether a player can begin there, first and last millisecond
}

func indexOf(rec desktops.Recording, film *recording.Reader) filmIndex {
	x := filmIndex{
		ID: rec.ID, Desktop: rec.WorkspaceID, User: rec.UserName, By: rec.By, Start: millis(rec.Start), Live: rec.Live, Chunks: [][3]int64{},
	}
	for _, c := range film.Chunks() {
		key := int64(0)
		if c.Key {
			key = 1
		}
		x.Chunks = append(x.Chunks, [3]int64{key, int64(c.First), int64(c.Last)})
	}
	return x
}

func (h *Handler) recordingIndex(w http.ResponseWriter, r *http.Request) {
	film, rec, ok := h.reader(w, r)
	if !ok {
		return
	}
	defer film.Close()
	answer(w, http.StatusOK, indexOf(rec, film))
}

// recordingChunks answers with some chunks from one on, each after its length.
func (h *Handler) recordingChunks(w http.ResponseWriter, r *http.Request) {
	film, rec, ok := h.reader(w, r)
	if !ok {
		return
	}
	defer film.Close()
	first, err := strconv.Atoi(r.PathValue("first"))
	if err != nil || first < 0 || first >= len(film.Chunks()) {
		http.Error(w, "there is no such chunk", http.StatusNotFound)
		return
	}
	var out []byte
	for n := first; n < len(film.Chunks()) && len(out) < atOnce; n++ {
		packed, err := film.Packed(n)
		if err != nil {
			h.o.Log.Error("read recording", "resource", rec.ID, "err", err)
			http.Error(w, "the recording is damaged", http.StatusInternalServerError)
			return
		}
		out = append(binary.BigEndian.AppendUint32(out, uint32(len(packed))), packed...)
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(out) // the visitor went away: nobody to tell
}
