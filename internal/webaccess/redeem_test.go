package webaccess

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestATicketOpensOneDesktopOnce(t *testing.T) {
	_, base := house(t, newDesk())
	res := get(t, TicketURL(base, "ticket-a"))
	if got, want := res.Header.Get("Location"), Prefix+"workspace/"+deskA+"/"; res.StatusCode != http.StatusSeeOther || got != want {
		t.Fatalf("first use: want 303 to %s, got %d to %s", want, res.StatusCode, got)
	}
	c := res.Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Secure || c.Path != Prefix+"workspace/"+deskA+"/" {
		t.Errorf("cookie: want HttpOnly, SameSite=Strict, not Secure over plain HTTP, bound to its desktop; got %s", res.Header.Get("Set-Cookie"))
	}
	if !c.Expires.Equal(midnight.Add(3600e9)) {
		t.Errorf("cookie: want the session's end %s, got %s", midnight.Add(3600e9), c.Expires)
	}
	for _, lang := range []struct{ accept, want string }{{"ja", "使用済み"}, {"fr, en;q=0.3", "has been used or has expired"}} {
		res = get(t, TicketURL(base, "ticket-a"), "Accept-Language", lang.accept)
		page := body(t, res)
		if res.StatusCode != http.StatusGone || !strings.Contains(page, lang.want) || !strings.Contains(page, "tamachi desktop open") {
			t.Errorf("second use, %s: want 410 with %q and how to get a new one, got %d %s", lang.accept, lang.want, res.StatusCode, page)
		}
		if len(res.Cookies()) > 0 {
			t.Errorf("second use: want no cookie, got %v", res.Cookies())
		}
	}
}

func TestOverTLSTheCookieIsSecure(t *testing.T) {
	h, _ := house(t, newDesk())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "https://desk.example"+Prefix+"open/ticket-a", nil))
	if got := w.Result().Header.Get("Set-Cookie"); !strings.Contains(got, "; Secure") {
		t.Errorf("cookie over TLS: want Secure, got %q", got)
	}
}

func TestATicketIsNotUsedUpByWhoDidNotFollowIt(t *testing.T) {
	_, base := house(t, newDesk())
	url := TicketURL(base, "ticket-a")
	rows := []struct {
		name, method string
		header       []string
	}{
		{"a HEAD request of a link checker", http.MethodHead, nil},
		{"a POST request", http.MethodPost, nil},
		{"a prefetching Chromium", http.MethodGet, []string{"Sec-Purpose", "prefetch;prerender"}},
		{"a prefetching Firefox", http.MethodGet, []string{"X-Moz", "prefetch"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := ask(t, row.method, url, row.header...).StatusCode; got != http.StatusMethodNotAllowed {
				t.Errorf("want 405, got %d", got)
			}
		})
	}
	if got := get(t, url).StatusCode; got != http.StatusSeeOther {
		t.Errorf("then a person: want 303, got %d", got)
	}
}

func TestAStoreInTroubleIsSaidWithoutItsError(t *testing.T) {
	d := newDesk()
	d.broken = errBroken
	_, base := house(t, d)
	res := get(t, TicketURL(base, "ticket-a"))
	page := body(t, res)
	if res.StatusCode != http.StatusServiceUnavailable || !strings.Contains(page, "could not be checked") {
		t.Errorf("want 503 that says so, got %d %s", res.StatusCode, page)
	}
	if strings.Contains(page, "fire") {
		t.Errorf("want no inner error, got %s", page)
	}
	res = get(t, base+Prefix+"workspace/"+deskA+"/state", "Cookie", cookieName+"=x")
	if got := body(t, res); res.StatusCode != http.StatusServiceUnavailable || strings.Contains(got, "fire") {
		t.Errorf("state: want 503 without inner error, got %d %s", res.StatusCode, got)
	}
}

func TestStateIsForSessionsOfThisDesktop(t *testing.T) {
	d := newDesk()
	_, base := house(t, d)
	get(t, TicketURL(base, "ticket-a"))
	get(t, TicketURL(base, "ticket-b"))
	d.gone[deskB] = true
	rows := []struct {
		name, id, cookie string
		code             int
		body             string
	}{
		{"the session's own desktop", deskA, cookieName + "=secret-" + deskA, 200, `{"state":"AVAILABLE","full":false,"waited":0,"signed":false,"paste":true,"copy":true}`},
		{"no cookie", deskA, "", 401, ""},
		{"an unknown secret", deskA, cookieName + "=guess", 401, ""},
		{"a session of another desktop", "ws-ccccccccc", cookieName + "=secret-" + deskA, 401, ""},
		{"a desktop that is gone", deskB, cookieName + "=secret-" + deskB, 404, ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			res := get(t, base+Prefix+"workspace/"+row.id+"/state", "Cookie", row.cookie)
			got := strings.TrimSpace(body(t, res))
			if res.StatusCode != row.code || row.body != "" && got != row.body {
				t.Errorf("want %d %s, got %d %s", row.code, row.body, res.StatusCode, got)
			}
		})
	}
}
