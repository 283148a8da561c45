package webaccess

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"tamachi/internal/desktops"
)

// personCookie holds the secret of a person who signed in. The cookie of a
// desktop that they open is another one, for that desktop alone.
const personCookie = "tamachi-person"

// largestForm bounds what a sign-in may send.
const largestForm = 8 << 10

// signInPage serves the page on which a person signs in and chooses.
func (h *Handler) signInPage(w http.ResponseWriter, r *http.Request) {
	lang := language(r.Header.Get("Accept-Language"))
	h.write(w, http.StatusOK, "signin.html", signInView{view{Lang: lang, text: texts(lang)}, accountTexts(lang), h.o.Accounts != nil})
}

// credentials are what a person types. The password is never logged.
type credentials struct {
	Code     string `json:"code"`
	User     string `json:"user"`
	Password string `json:"password"`
	OneTime  string `json:"oneTime"` // of the second factor
}

// signIn proves a person and gives them a cookie.
func (h *Handler) signIn(w http.ResponseWriter, r *http.Request) {
	var c credentials
	who, ok := h.tries(w, r, &c, &c)
	if !ok {
		return
	}
	secret, expires, err := h.o.Lobby.SignIn(r.Context(), c.given(r))
	h.let(w, r, who, secret, expires, err)
}

// tries reads what a person sends who is to be proved, and makes those wait who
// guess. ok is false when it was answered.
func (h *Handler) tries(w http.ResponseWriter, r *http.Request, into any, c *credentials) (who attempt, ok bool) {
	if !sameOrigin(r) {
		http.Error(w, "the sign-in is for its own page only", http.StatusForbidden)
		return who, false
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, largestForm)).Decode(into); err != nil {
		http.Error(w, "no sign-in", http.StatusBadRequest)
		return who, false
	}
	who = attempt{address: client(r), user: c.User}
	if c.User == "" { // who is signed in: their name is not known here
		secret := person(r)
		who.user = "session/" + secret[:min(len(secret), 8)]
	}
	if wait := h.brake.wait(who, h.o.Clock.Now()); wait > 0 {
		h.o.Log.Warn("sign-in put off", "resource", who.address)
		answer(w, http.StatusTooManyRequests, map[string]any{"reason": "later", "seconds": int(wait.Seconds()) + 1})
		return who, false
	}
	return who, true
}

// given is what a person gave, with what the browser tells.
func (c credentials) given(r *http.Request) desktops.SignIn {
	return desktops.SignIn{
		Code: c.Code, User: c.User, Password: c.Password, OneTime: c.OneTime,
		Client: client(r), UserAgent: r.UserAgent(), Platform: platform(r), Browser: browser(r.UserAgent()),
	}
}

// let lets a person in who was proved, or says why not.
func (h *Handler) let(w http.ResponseWriter, r *http.Request, who attempt, secret string, expires time.Time, err error) {
	if h.refused(w, who, err) {
		return
	}
	h.brake.good(who)
	http.SetCookie(w, &http.Cookie{
		Name: personCookie, Value: secret, Path: Prefix, Expires: expires,
		HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode,
	})
	w.WriteHeader(http.StatusNoContent)
}

// refused answers a person who was not proved, or may not what they want, and
// counts what may be a guess.
func (h *Handler) refused(w http.ResponseWriter, who attempt, err error) bool {
	if err == nil {
		return false
	}
	if weak, ok := errors.AsType[*desktops.WeakPasswordError](err); ok {
		answer(w, http.StatusUnprocessableEntity, map[string]any{"reason": weakness(weak)})
		return true
	}
	for _, row := range []struct {
		err    error
		status int
		reason string
		guess  bool
	}{
		{desktops.ErrStranger, http.StatusUnauthorized, "wrong", true},
		{desktops.ErrWrongCode, http.StatusUnauthorized, "wrongcode", true},
		{desktops.ErrCodeNeeded, http.StatusUnauthorized, "code", false},
		{desktops.ErrFactorNeeded, http.StatusUnauthorized, "enrol", false},
		{desktops.ErrNoPass, http.StatusUnauthorized, "over", false},
		{desktops.ErrStale, http.StatusForbidden, "stale", false},
		{desktops.ErrKeptOut, http.StatusForbidden, "keptout", false},
		{desktops.ErrHasFactor, http.StatusConflict, "hasfactor", false},
		{desktops.ErrTooSoon, http.StatusConflict, "toosoon", false},
		{desktops.ErrNotNow, http.StatusConflict, "notnow", false},
	} {
		if !errors.Is(err, row.err) {
			continue
		}
		if row.guess {
			h.brake.failed(who, h.o.Clock.Now())
		}
		if row.guess || row.status == http.StatusForbidden {
			h.o.Log.Warn("sign-in refused", "resource", who.address, "err", err)
		}
		answer(w, row.status, map[string]any{"reason": row.reason})
		return true
	}
	h.o.Log.Error("sign in", "err", err)
	answer(w, http.StatusServiceUnavailable, map[string]any{"reason": "away"})
	return true
}

// own lists the person's desktops.
func (h *Handler) own(w http.ResponseWriter, r *http.Request) {
	list, err := h.o.Lobby.Desktops(r.Context(), person(r))
	if h.refusedPerson(w, err) {
		return
	}
	items := []item{}
	for _, d := range list {
		i := item{ID: d.ID, Name: d.Name, State: d.State, Minutes: d.Minutes, May: d.May, Offers: d.Offers}
		if !d.StopsAt.IsZero() {
			i.StopsAt = d.StopsAt.UnixMilli()
		}
		if d.May == nil {
			i.May = []desktops.Favor{}
		}
		items = append(items, i)
	}
	answer(w, http.StatusOK, map[string]any{"desktops": items})
}

// item is a desktop as the pages know it.
type item struct {
	ID      string           `json:"id"`
	Name    string           `json:"name"`
	State   string           `json:"state"`
	StopsAt int64            `json:"stopsAt,omitempty"` // milliseconds
	Minutes int              `json:"minutes,omitempty"`
	May     []desktops.Favor `json:"may"`
	Offers  []desktops.Offer `json:"offers,omitempty"`
}

// ask has something done to one of the person's desktops.
func (h *Handler) ask(w http.ResponseWriter, r *http.Request) {
	if !sameOrigin(r) {
		http.Error(w, "this is for its own page only", http.StatusForbidden)
		return
	}
	err := h.o.Lobby.Ask(r.Context(), person(r), r.PathValue("id"), desktops.Favor(r.PathValue("wish")), r.URL.Query().Get("to"), client(r))
	if errors.Is(err, desktops.ErrNotNow) {
		answer(w, http.StatusConflict, map[string]any{"reason": "notnow"})
		return
	}
	if h.refusedPerson(w, err) {
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// enterOwn opens a browser session for one of the person's desktops, which
// starts if it is stopped.
func (h *Handler) enterOwn(w http.ResponseWriter, r *http.Request) {
	if !sameOrigin(r) {
		http.Error(w, "this is for its own page only", http.StatusForbidden)
		return
	}
	pass, err := h.o.Lobby.Enter(r.Context(), person(r), r.PathValue("id"), client(r))
	if h.refusedPerson(w, err) {
		return
	}
	h.welcome(w, r, pass)
	w.WriteHeader(http.StatusNoContent)
}

// signOut ends the person's session, and no desktop's.
func (h *Handler) signOut(w http.ResponseWriter, r *http.Request) {
	if !sameOrigin(r) {
		http.Error(w, "this is for its own page only", http.StatusForbidden)
		return
	}
	if h.refusedPerson(w, h.o.Lobby.SignOut(r.Context(), person(r))) {
		return
	}
	http.SetCookie(w, &http.Cookie{Name: personCookie, Path: Prefix, MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	w.WriteHeader(http.StatusNoContent)
}

// person is the secret of who asks, "" if there is none.
func person(r *http.Request) string {
	if c, err := r.Cookie(personCookie); err == nil {
		return c.Value
	}
	return ""
}

// refusedPerson answers a request whose person or desktop is none.
func (h *Handler) refusedPerson(w http.ResponseWriter, err error) bool {
	switch {
	case err == nil:
		return false
	case errors.Is(err, desktops.ErrNoPass):
		answer(w, http.StatusUnauthorized, map[string]any{"reason": "over"})
	case errors.Is(err, desktops.ErrNotFound):
		answer(w, http.StatusNotFound, map[string]any{"reason": "gone"})
	default:
		h.o.Log.Error("desktops of a person", "err", err)
		answer(w, http.StatusServiceUnavailable, map[string]any{"reason": "away"})
	}
	return true
}

// answer writes JSON.
func answer(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v) // the visitor went away: nobody to tell
}
