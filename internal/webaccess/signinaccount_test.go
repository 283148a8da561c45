package webaccess

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
)

// desk for the accounts of the one person whom porch knows.
type clerk struct{ got []desktops.NewPassword }

func (c *clerk) ChangePassword(_ context.Context, in desktops.NewPassword) (string, time.Time, error) {
	c.got = append(c.got, in)
	switch {
	case in.Secret != "" && in.Secret != "secret":
		return "", time.Time{}, desktops.ErrNoPass
	case in.Password != "right":
		return "", time.Time{}, desktops.ErrStranger
	case in.OneTime == "":
		return "", time.Time{}, desktops.ErrCodeNeeded
	case in.OneTime != "123456":
		return "", time.Time{}, desktops.ErrWrongCode
	case in.Next == "soon":
		return "", time.Time{}, desktops.ErrTooSoon
	case in.Next == "odd":
		return "", time.Time{}, &desktops.WeakPasswordError{Why: "whatever"}
	case len(in.Next) < 7:
		return "", time.Time{}, &desktops.WeakPasswordError{Why: "short"}
	}
	return "another", midnight.Add(time.Hour), nil
}

func (c *clerk) BeginFactor(_ context.Context, in desktops.Proof) (desktops.Enrolment, error) {
	switch {
	case in.Secret != "" && in.Secret != "secret":
		return desktops.Enrolment{}, desktops.ErrNoPass
	case in.User == "suzuki":
		return desktops.Enrolment{}, desktops.ErrHasFactor
	case in.Password != "right":
		return desktops.Enrolment{}, desktops.ErrStranger
	}
	return desktops.Enrolment{Seed: "MZXW6===", URI: "otpauth://totp/corp:fujita?secret=MZXW6==="}, nil
}

func (c *clerk) FinishFactor(_ context.Context, in desktops.Proof) (string, time.Time, error) {
	if in.OneTime != "123456" {
		return "", time.Time{}, desktops.ErrWrongCode
	}
	return "another", midnight.Add(time.Hour), nil
}

func TestAnAppIsShownItsKeyByWhoProvesThePassword(t *testing.T) {
	h := open(Options{Passes: newDesk(), Lobby: &porch{}, Accounts: &clerk{}, Clock: clock.NewFrozen(midnight), Log: slog.New(slog.DiscardHandler)}, nil)
	for _, row := range []struct {
		name, path, body, origin string
		status                   int
		want                     string
	}{
		{"the right password", "factor", `{"code":"c","user":"fujita","password":"right"}`, "https://desk.example", 200, `"picture":"data:image/png;base64,iVBOR`},
		{"a wrong password", "factor", `{"code":"c","user":"fujita","password":"no"}`, "https://desk.example", 401, `"wrong"`},
		{"who has one", "factor", `{"code":"c","user":"suzuki","password":"right"}`, "https://desk.example", 409, `"hasfactor"`},
		{"another site's page", "factor", `{"code":"c","user":"fujita","password":"right"}`, "https://evil.example", 403, ""},
		{"the first code", "factor/confirm", `{"code":"c","user":"fujita","password":"right","oneTime":"123456"}`, "https://desk.example", 204, ""},
		{"a wrong code", "factor/confirm", `{"code":"c","user":"fujita","password":"right","oneTime":"1"}`, "https://desk.example", 401, `"wrongcode"`},
		{"no JSON", "factor/confirm", `x`, "https://desk.example", 400, ""},
	} {
		r := httptest.NewRequest(http.MethodPost, "https://desk.example"+Prefix+row.path, strings.NewReader(row.body))
		r.Header.Set("Origin", row.origin)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != row.status || !strings.Contains(w.Body.String(), row.want) {
			t.Errorf("%s: want %d with %q, got %d with %.80q", row.name, row.status, row.want, w.Code, w.Body)
		}
	}
}

func TestAPasswordIsChangedByWhoProvesTheOldOne(t *testing.T) {
	c := &clerk{}
	h := open(Options{Passes: newDesk(), Lobby: &porch{}, Accounts: c, Clock: clock.NewFrozen(midnight), Log: slog.New(slog.DiscardHandler)}, nil)
	ask := func(body, cookie, origin string) *http.Response {
		r := httptest.NewRequest(http.MethodPost, "https://desk.example"+Prefix+"password", strings.NewReader(body))
		r.Header.Set("Origin", origin)
		if cookie != "" {
			r.AddCookie(&http.Cookie{Name: personCookie, Value: cookie})
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result()
	}
	const own = "https://desk.example"
	typed := func(password, code, next string) string {
		return `{"code":"SLnrt+AAAAAA","user":"fujita","password":"` + password + `","oneTime":"` + code + `","next":"` + next + `"}`
	}
	for _, row := range []struct {
		name, body, cookie, origin string
		status                     int
		want                       string
	}{
		{"the old one is wrong", typed("no", "123456", "Correct-Horse-8"), "", own, 401, `"wrong"`},
		{"a code is needed", typed("right", "", "Correct-Horse-8"), "", own, 401, `"code"`},
		{"the code is wrong", typed("right", "000000", "Correct-Horse-8"), "", own, 401, `"wrongcode"`},
		{"the new one is short", typed("right", "123456", "x"), "", own, 422, `"weak-short"`},
		{"a reason that no page knows", typed("right", "123456", "odd"), "", own, 422, `"weak-unfit"`},
		{"twice a day", typed("right", "123456", "soon"), "", own, 409, `"toosoon"`},
		{"another site's page", typed("right", "123456", "Correct-Horse-8"), "", "https://evil.example", 403, ""},
		{"no JSON", "next=x", "", own, 400, ""},
		{"a session that is over", `{"password":"right","oneTime":"123456","next":"Correct-Horse-8"}`, "old", own, 401, `"over"`},
		{"who is signed in", `{"password":"right","oneTime":"123456","next":"Correct-Horse-8"}`, "secret", own, 204, ""},
		{"who signs in", typed("right", "123456", "Correct-Horse-8"), "", own, 204, ""},
	} {
		res := ask(row.body, row.cookie, row.origin)
		text, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != row.status || !strings.Contains(string(text), row.want) {
			t.Errorf("%s: want %d with %q, got %d with %q, %v", row.name, row.status, row.want, res.StatusCode, text, err)
		}
		if in := len(res.Cookies()) == 1 && res.Cookies()[0].Value == "another"; in != (row.status == 204) {
			t.Errorf("%s: cookies %v", row.name, res.Cookies())
		}
	}
	if last := c.got[len(c.got)-1]; last.Secret != "" || last.User != "fujita" || last.Client == "" {
		t.Errorf("who signs in: got %+v", last)
	}
	for range freeOfUser {
		ask(typed("no", "123456", "Correct-Horse-8"), "", own)
	}
	tried := len(c.got)
	if res := ask(typed("right", "123456", "Correct-Horse-8"), "", own); res.StatusCode != http.StatusTooManyRequests || len(c.got) != tried {
		t.Errorf("who guesses: want 429 and nobody asked, got %d after %d", res.StatusCode, len(c.got)-tried)
	}
}

func TestTheAccountPartsAreInBothLanguages(t *testing.T) {
	names := func(lang string, v accountText) (out []string) {
		for _, s := range v.Status {
			if s.Text == "" {
				t.Errorf("%s %s has no text", lang, s.Name)
			}
			out = append(out, s.Name)
		}
		return out
	}
	ja, en := accountTexts("ja"), accountTexts("en")
	if !slices.Equal(names("ja", ja), names("en", en)) || ja.Rule == en.Rule || ja.Scan == en.Scan || ja.Needed == en.Needed || ja.Change == en.Change || ja.Stale == en.Stale {
		t.Errorf("want the same parts in two languages, got %+v and %+v", ja, en)
	}
}
