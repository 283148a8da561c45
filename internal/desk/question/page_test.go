package question

import (
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/settings"
)

// site is a page over a socket.
type site struct {
	*Page
	base string
}

func siteOf(t *testing.T, c clock.Clock, takers Takers) *site {
	t.Helper()
	s := shelfIn(t, t.TempDir())
	key, err := OpenKey(s, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	conf, err := settings.Read(strings.NewReader("people: {suzuki: {mail: suzuki@example.com, language: ja}}\nwork: {zone: Asia/Tokyo}\n"))
	if err != nil {
		t.Fatal(err)
	}
	p := Page{Desk: &Desk{Folder: In(s), Takers: takers, Clock: c, Log: func(string) {}}, Key: key, Settings: conf}.Ready()
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	return &site{p, server.URL}
}

func (s *site) ask(t *testing.T) (r *Record, link string) {
	t.Helper()
	r, err := s.Folder.Save(keep(), noon)
	if err != nil {
		t.Fatal(err)
	}
	return r, s.Key.URL(s.base, r.Question)
}

func fetch(t *testing.T, method, address string, form url.Values, header ...string) (*http.Response, string) {
	t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	out, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Body.Close()
	b, err := io.ReadAll(out.Body)
	if err != nil {
		t.Fatal(err)
	}
	return out, string(b)
}

func TestOpeningALinkChangesNothing(t *testing.T) {
	s := siteOf(t, clock.NewFrozen(noon), nil)
	rec, link := s.ask(t)
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet} {
		out, body := fetch(t, method, link+"?choice=release", nil)
		if out.StatusCode != http.StatusOK {
			t.Fatalf("%s: want 200, got %d", method, out.StatusCode)
		}
		policy := out.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || !strings.Contains(policy, "form-action 'self'; base-uri 'none'; frame-ancestors 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("want a strict policy, got %q", policy)
		}
		if out.Header.Get("Referrer-Policy") != "no-referrer" || out.Header.Get("Cache-Control") != "no-store" || len(out.Cookies()) != 0 {
			t.Errorf("want nothing that leaks the address, got %v", out.Header)
		}
		if method == http.MethodGet && (!strings.Contains(body, `lang="ja"`) || !strings.Contains(body, "ws-1 は必要ですか") || strings.Contains(body, "<script") || strings.Contains(body, " checked")) {
			t.Errorf("want the question in Japanese, without script and with no choice made, got %s", body)
		}
	}
	if _, body := fetch(t, http.MethodGet, link+"?lang=en", nil); !strings.Contains(body, "Is ws-1 &lt;needed&gt;?") || !strings.Contains(body, "until 2026-11-27 21:00 JST") {
		t.Errorf("want it in English, escaped, with the hour of the reader's zone; got %s", body)
	}
	if got, err := s.Folder.Read(rec.Question.ID); err != nil || got.Answer != nil {
		t.Errorf("want no answer, got %+v, %v", got, err)
	}
}

func TestAFormAnswersOnce(t *testing.T) {
	s := siteOf(t, clock.NewFrozen(noon), nil)
	rec, link := s.ask(t)
	keep := url.Values{"choice": {"keep"}, "reason": {"年末調整\x1b[2J"}}
	rows := []struct {
		name   string
		form   url.Values
		header []string
		code   int
		want   string
	}{
		{"a form of another site", keep, []string{"Sec-Fetch-Site", "cross-site"}, 403, "このページから送信された回答ではありません"},
		{"nothing chosen, as a machine sends it", url.Values{"reason": {"x"}}, nil, 400, "回答を一つ選んでください"},
		{"no reason where one is wanted", url.Values{"choice": {"keep"}}, nil, 400, `value="keep" required checked`},
		{"a form without end", url.Values{"choice": {"keep"}, "reason": {strings.Repeat("x", 20_000)}}, nil, 400, "回答を一つ選んでください"},
		{"a good one", keep, []string{"Sec-Fetch-Site", "same-origin"}, 200, "回答を受け付けました"},
		{"the same again", keep, nil, 409, "すでに回答済みです"},
	}
	for _, row := range rows {
		out, body := fetch(t, http.MethodPost, link, row.form, row.header...)
		if out.StatusCode != row.code || !strings.Contains(body, row.want) {
			t.Errorf("%s: want %d and %q, got %d %s", row.name, row.code, row.want, out.StatusCode, body)
		}
	}
	got, err := s.Folder.Read(rec.Question.ID)
	if err != nil || got.Answer == nil || *got.Answer != (Answer{At: noon, Choice: "keep", Reason: "年末調整?[2J", Via: Link, By: "suzuki@example.com"}) {
		t.Errorf("want the answer with a reason that is text, got %+v, %v", got.Answer, err)
	}
	if _, body := fetch(t, http.MethodGet, link, nil); strings.Contains(body, "<form") || !strings.Contains(body, "回答: 残す") {
		t.Errorf("want the answer and no form, got %s", body)
	}
	if out, _ := fetch(t, http.MethodPut, link, keep); out.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("want PUT refused, got %d", out.StatusCode)
	}
}

func TestALinkIsOnePersonsForOneQuestion(t *testing.T) {
	s := siteOf(t, clock.NewFrozen(noon), nil)
	_, link := s.ask(t)
	other := keep()
	other.Person = "sato"
	theirs, err := s.Folder.Save(other, noon)
	if err != nil {
		t.Fatal(err)
	}
	_, code, _ := strings.Cut(link[strings.LastIndex(link, "/"):], ".")
	for name, address := range map[string]string{
		"no token":                     s.base + "/q/",
		"an id alone":                  link[:strings.LastIndex(link, ".")],
		"a code that is cut":           link[:len(link)-1],
		"a code with more":             link + "A",
		"another question's, own code": s.base + "/q/" + theirs.Question.ID + "." + code,
		"a path":                       s.base + "/q/..%2f..%2fetc%2fpasswd",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if out, body := fetch(t, method, address, url.Values{"choice": {"release"}}); out.StatusCode != http.StatusNotFound || strings.Contains(body, "ws-1") {
				t.Errorf("%s, %s: want 404 and nothing told, got %d", name, method, out.StatusCode)
			}
		}
	}
	if got, err := s.Folder.List(); err != nil || got[0].Answer != nil || got[1].Answer != nil {
		t.Errorf("want no answer, got %v", err)
	}
}

func TestALinkEnds(t *testing.T) {
	s := siteOf(t, clock.NewFrozen(noon.Add(100*time.Hour)), nil)
	_, link := s.ask(t)
	if _, body := fetch(t, http.MethodGet, link, nil); strings.Contains(body, "<form") || !strings.Contains(body, "回答期限が過ぎています") {
		t.Errorf("want no form, got %s", body)
	}
	if out, _ := fetch(t, http.MethodPost, link, url.Values{"choice": {"release"}}); out.StatusCode != http.StatusGone {
		t.Errorf("want 410, got %d", out.StatusCode)
	}
}

func TestAQuestionThatIsNoLongerOne(t *testing.T) {
	s := siteOf(t, clock.NewFrozen(noon), Takers{"cost keep": {Open: func(*Question) *Refused { return &Refused{[2]string{"it is gone", "もうありません"}} }}})
	_, link := s.ask(t)
	if _, body := fetch(t, http.MethodGet, link, nil); strings.Contains(body, "<form") || !strings.Contains(body, "もうありません") {
		t.Errorf("want the duty's word and no form, got %s", body)
	}
}

func TestTroubleIsNotShown(t *testing.T) {
	sentence, known := Explain(errors.New("open /secret/path: no space"), "en")
	if known || strings.Contains(sentence, "secret") {
		t.Errorf("want nothing of the inside told, got %q", sentence)
	}
}

func FuzzPage(f *testing.F) {
	f.Add("q-0000000000000000.x", "choice=keep&reason=x", "ja")
	f.Add("../../x", "%zz", "en")
	conf := settings.Default()
	s := shelfOf(f.TempDir())
	key := Key(strings.Repeat("k", keySize))
	desk := &Desk{Folder: In(s), Clock: clock.NewFrozen(noon), Log: func(string) {}}
	r, err := desk.Folder.Save(keep(), noon)
	if err != nil {
		f.Fatal(err)
	}
	page := Page{Desk: desk, Key: key, Settings: conf}.Ready()
	good := key.token(r.Question)
	f.Add(good, "choice=burn", "ja")
	f.Fuzz(func(t *testing.T, token, form, lang string) {
		req := httptest.NewRequest(http.MethodPost, "/q/x", strings.NewReader(form))
		req.URL.Path, req.URL.RawQuery = "/q/"+token, url.Values{"lang": {lang}}.Encode()
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := httptest.NewRecorder()
		page.ServeHTTP(rec, req)
		if rec.Code == http.StatusInternalServerError {
			t.Fatalf("want a no that is said, got %d", rec.Code)
		}
		if rec.Code == http.StatusOK && token != good {
			t.Fatalf("want only the token to answer, got %q", token)
		}
	})
}
