package webaccess

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
)

// porch is a lobby that knows one person.
type porch struct {
	broken error
	asked  int
}

func (p *porch) SignIn(_ context.Context, in desktops.SignIn) (string, time.Time, error) {
	p.asked++
	code, user, password := in.Code, in.User, in.Password
	switch {
	case p.broken != nil:
		return "", time.Time{}, p.broken
	case code == "SLnrt+AAAAAA" && user == "gone" && password == "right":
		return "", time.Time{}, desktops.ErrKeptOut
	case code == "SLnrt+AAAAAA" && user == "fujita" && password == "right":
		return "secret", midnight.Add(time.Hour), nil
	}
	return "", time.Time{}, desktops.ErrStranger
}

func (p *porch) Desktops(_ context.Context, secret string) ([]desktops.Own, error) {
	if secret != "secret" {
		return nil, desktops.ErrNoPass
	}
	return []desktops.Own{{ID: deskA, Name: "PC-1", State: "AVAILABLE"}}, p.broken
}

func (p *porch) Ask(_ context.Context, secret, id string, wish desktops.Favor, to, _ string) error {
	switch {
	case secret != "secret":
		return desktops.ErrNoPass
	case id != deskA:
		return desktops.ErrNotFound
	case wish == desktops.Compute && to == "POWER":
		return nil
	case wish != desktops.Restart || to != "":
		return desktops.ErrNotNow
	}
	return nil
}

func (p *porch) Enter(_ context.Context, secret, id, _ string) (desktops.Pass, error) {
	switch {
	case secret != "secret":
		return desktops.Pass{}, desktops.ErrNoPass
	case id != deskA:
		return desktops.Pass{}, desktops.ErrNotFound
	}
	return desktops.Pass{ID: id, Secret: "of-the-desktop", Expires: midnight.Add(time.Hour)}, nil
}

func (p *porch) SignOut(context.Context, string) error { return p.broken }

// door is a handler with a lobby, behind which nothing else is.
func door(t *testing.T, p *porch) (*Handler, func(method, path, body string, header ...string) *http.Response) {
	d := newDesk()
	h := open(Options{Passes: d, Display: d, Lobby: p, Clock: clock.NewFrozen(midnight), Log: slog.New(slog.DiscardHandler)}, nil)
	return h, func(method, path, body string, header ...string) *http.Response {
		t.Helper()
		r := httptest.NewRequest(method, "https://desk.example"+Prefix+path, strings.NewReader(body))
		r.Header.Set("Origin", "https://desk.example")
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result()
	}
}

func TestSignInTellsNoMoreThanItMust(t *testing.T) {
	p := &porch{}
	_, ask := door(t, p)
	good := `{"code":"SLnrt+AAAAAA","user":"fujita","password":"right"}`
	for _, row := range []struct {
		name, body string
		header     []string
		status     int
		want       string
	}{
		{"the right words", good, nil, http.StatusNoContent, ""},
		{"a wrong password", `{"code":"SLnrt+AAAAAA","user":"fujita","password":"no"}`, nil, http.StatusUnauthorized, `"wrong"`},
		{"an unknown user", `{"code":"SLnrt+AAAAAA","user":"nobody","password":"right"}`, nil, http.StatusUnauthorized, `"wrong"`},
		{"an unknown code", `{"code":"SLnrt+BBBBBB","user":"fujita","password":"right"}`, nil, http.StatusUnauthorized, `"wrong"`},
		{"an account that is disabled", `{"code":"SLnrt+AAAAAA","user":"gone","password":"right"}`, nil, http.StatusForbidden, `"keptout"`},
		{"another site's page", good, []string{"Origin", "https://evil.example"}, http.StatusForbidden, "own page"},
		{"no page", good, []string{"Origin", ""}, http.StatusForbidden, "own page"},
		{"no JSON", "code=SLnrt", nil, http.StatusBadRequest, "no sign-in"},
		{"too much", `{"code":"` + strings.Repeat("x", 9000) + `"}`, nil, http.StatusBadRequest, "no sign-in"},
	} {
		res := ask(http.MethodPost, "sign-in", row.body, row.header...)
		text, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != row.status || !strings.Contains(string(text), row.want) {
			t.Errorf("%s: want %d with %q, got %d with %q, %v", row.name, row.status, row.want, res.StatusCode, text, err)
		}
		if (len(res.Cookies()) == 1) != (row.status == http.StatusNoContent) {
			t.Errorf("%s: cookies %v", row.name, res.Cookies())
		}
	}
	c := ask(http.MethodPost, "sign-in", good).Cookies()[0]
	if c.Name != personCookie || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteStrictMode || c.Path != Prefix {
		t.Errorf("cookie: want it HttpOnly, Secure, SameSite=Strict and below %s, got %+v", Prefix, c)
	}
	p.broken = errors.New("the disk is on fire")
	res := ask(http.MethodPost, "sign-in", good)
	if text, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusServiceUnavailable || strings.Contains(string(text), "fire") {
		t.Errorf("a lobby in trouble: want 503 without its error, got %d with %q", res.StatusCode, text)
	}
}

func TestWhoGuessesMustWait(t *testing.T) {
	p := &porch{}
	h, ask := door(t, p)
	guess := func() *http.Response {
		return ask(http.MethodPost, "sign-in", `{"code":"SLnrt+AAAAAA","user":"Fujita","password":"no"}`)
	}
	for range freeOfUser {
		if got := guess().StatusCode; got != http.StatusUnauthorized {
			t.Fatalf("the first guesses: want 401, got %d", got)
		}
	}
	asked := p.asked
	res := guess()
	if text, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusTooManyRequests || !strings.Contains(string(text), `"seconds":3`) {
		t.Errorf("the next: want 429 for two seconds, got %d with %q", res.StatusCode, text)
	}
	if p.asked != asked {
		t.Error("want the directory not asked while somebody must wait")
	}
	if res := ask(http.MethodPost, "sign-in", `{"code":"SLnrt+AAAAAA","user":"takeda","password":"no"}`); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("another user: want 401, got %d", res.StatusCode)
	}
	now := midnight
	who := attempt{address: "192.0.2.1", user: "fujita"}
	for range 40 { // the wait grows to its end, and no further
		now = now.Add(h.brake.wait(who, now))
		h.brake.failed(who, now)
	}
	if got := h.brake.wait(who, now); got != longestWait {
		t.Errorf("after many: want %s, got %s", longestWait, got)
	}
	h.brake.good(who)
	if got := h.brake.wait(attempt{address: "198.51.100.1", user: "fujita"}, now); got != 0 {
		t.Errorf("after a good sign-in, from elsewhere: want no wait, got %s", got)
	}
}

func TestOnlyThePersonFindsTheirDesktops(t *testing.T) {
	_, ask := door(t, &porch{})
	mine := []string{"Cookie", personCookie + "=secret"}
	for _, row := range []struct {
		name, method, path string
		header             []string
		status             int
	}{
		{"their list", http.MethodGet, "mine", mine, http.StatusOK},
		{"a list of nobody", http.MethodGet, "mine", nil, http.StatusUnauthorized},
		{"a list with another secret", http.MethodGet, "mine", []string{"Cookie", personCookie + "=x"}, http.StatusUnauthorized},
		{"their desktop", http.MethodPost, "mine/" + deskA, mine, http.StatusNoContent},
		{"another's desktop", http.MethodPost, "mine/ws-zzzzzzzzz", mine, http.StatusNotFound},
		{"their desktop, asked by another site", http.MethodPost, "mine/" + deskA, append(mine[:2:2], "Origin", "https://evil.example"), http.StatusForbidden},
		{"a restart", http.MethodPost, "mine/" + deskA + "/restart", mine, http.StatusNoContent},
		{"a restart of another's desktop", http.MethodPost, "mine/ws-zzzzzzzzz/restart", mine, http.StatusNotFound},
		{"a restart by nobody", http.MethodPost, "mine/" + deskA + "/restart", nil, http.StatusUnauthorized},
		{"a restart asked by another site", http.MethodPost, "mine/" + deskA + "/restart", append(mine[:2:2], "Origin", "https://evil.example"), http.StatusForbidden},
		{"another compute type", http.MethodPost, "mine/" + deskA + "/compute?to=POWER", mine, http.StatusNoContent},
		{"a compute type that is not offered", http.MethodPost, "mine/" + deskA + "/compute?to=GRAPHICS", mine, http.StatusConflict},
		{"another compute type, asked by another site", http.MethodPost, "mine/" + deskA + "/compute?to=POWER", append(mine[:2:2], "Origin", "https://evil.example"), http.StatusForbidden},
		{"what their directory does not let them", http.MethodPost, "mine/" + deskA + "/rebuild", mine, http.StatusConflict},
		{"a sign-out by another site", http.MethodPost, "sign-out", append(mine[:2:2], "Origin", "https://evil.example"), http.StatusForbidden},
		{"a sign-out", http.MethodPost, "sign-out", mine, http.StatusNoContent},
	} {
		if got := ask(row.method, row.path, "", row.header...).StatusCode; got != row.status {
			t.Errorf("%s: want %d, got %d", row.name, row.status, got)
		}
	}
	for lang, want := range map[string]string{"ja": "登録コード", "en": "Registration code"} {
		res := ask(http.MethodGet, "", "", "Accept-Language", lang)
		if text, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusOK || !strings.Contains(string(text), want) {
			t.Errorf("page in %s: want it to say %q, got %d with %s", lang, want, res.StatusCode, text)
		}
	}
}
