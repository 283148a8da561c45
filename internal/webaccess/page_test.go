package webaccess

import (
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"tamachi/internal/clock"
)

func TestEveryAnswerForbidsWhatThePageDoesNotNeed(t *testing.T) {
	_, base := house(t, newDesk())
	for _, path := range []string{
		"open/ticket-a", "open/used", "workspace/" + deskA + "/", "workspace/" + deskA + "/state",
		"assets/app.js", "novnc/core/rfb.js", "nothing",
	} {
		res := get(t, base+Prefix+path)
		csp := res.Header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self';", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: want %s in the policy, got %q", path, want, csp)
			}
		}
		if strings.Contains(csp, "unsafe") {
			t.Errorf("%s: want nothing unsafe in the policy, got %q", path, csp)
		}
		for k, want := range map[string]string{"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"} {
			if got := res.Header.Get(k); got != want {
				t.Errorf("%s: %s: want %s, got %q", path, k, want, got)
			}
		}
	}
}

var inline = regexp.MustCompile(`(?is)<script[^>]*>[^<]|<style|\sstyle=|\son[a-z]+=|javascript:`)

func TestPagesHaveNothingInlineAndSayTheirLanguage(t *testing.T) {
	_, base := house(t, newDesk())
	for _, path := range []string{"workspace/" + deskA + "/", "open/used"} {
		for _, lang := range []string{"ja", "en"} {
			page := body(t, get(t, base+Prefix+path, "Accept-Language", lang))
			if !strings.Contains(page, `<html lang="`+lang+`"`) {
				t.Errorf("%s: want lang=%s, got %.80s", path, lang, page)
			}
			if found := inline.FindString(page); found != "" {
				t.Errorf("%s: want no inline code or style, got %q", path, found)
			}
		}
	}
}

func TestThePageIsForWorkspaceIDsOnly(t *testing.T) {
	_, base := house(t, newDesk())
	for _, id := range []string{"ws-short", "d-123456789", "ws-AAAAAAAAA", "ws-aaaaaaaaa%22", "%3Cscript%3E"} {
		if got := get(t, base+Prefix+"workspace/"+id+"/").StatusCode; got != http.StatusNotFound {
			t.Errorf("%s: want 404, got %d", id, got)
		}
	}
}

func TestAProgramBuiltWithoutTheViewerSaysSo(t *testing.T) {
	h := open(Options{Passes: newDesk(), Clock: clock.Real{}, Log: slog.New(slog.DiscardHandler)}, nil)
	for lang, want := range map[string]string{"en": "The viewer was not built; run make.", "ja": "ビューアーがビルドされていません"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, Prefix+"workspace/"+deskA+"/", nil)
		r.Header.Set("Accept-Language", lang)
		h.ServeHTTP(w, r)
		if got := w.Body.String(); w.Code != http.StatusNotImplemented || !strings.Contains(got, want) {
			t.Errorf("%s: want 501 with %q, got %d %s", lang, want, w.Code, got)
		}
	}
}

func TestBothLanguagesSayEverything(t *testing.T) {
	en, ja := reflect.ValueOf(english), reflect.ValueOf(japanese)
	for i := range en.NumField() {
		name := en.Type().Field(i).Name
		if name == "Status" {
			continue
		}
		if en.Field(i).String() == "" || ja.Field(i).String() == "" {
			t.Errorf("%s: want both languages, got %q and %q", name, en.Field(i), ja.Field(i))
		}
	}
	if len(english.Status) != len(japanese.Status) {
		t.Fatalf("statuses: want as many in Japanese as in English, got %d and %d", len(japanese.Status), len(english.Status))
	}
	script, err := fs.ReadFile(ownAssets(), "app.js")
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range english.Status {
		if japanese.Status[i].Name != s.Name || japanese.Status[i].Text == "" {
			t.Errorf("status %s: want its Japanese at the same place, got %+v", s.Name, japanese.Status[i])
		}
		if !strings.Contains(string(script), "'"+s.Name+"'") {
			t.Errorf("status %s: the script never shows it", s.Name)
		}
	}
	for _, m := range regexp.MustCompile(`show\('(\w+)'\)|: '(\w+)'`).FindAllStringSubmatch(string(script), -1) {
		name := m[1] + m[2]
		if !strings.Contains(body(t, pageFor(t)), `data-for="`+name+`"`) {
			t.Errorf("the script shows %q, which has no sentence", name)
		}
	}
}

func pageFor(t *testing.T) *http.Response {
	t.Helper()
	_, base := house(t, newDesk())
	return get(t, base+Prefix+"workspace/"+deskA+"/")
}

func TestThePageNamesAllModulesThatItRuns(t *testing.T) {
	page := body(t, pageFor(t))
	for path, want := range map[string]bool{
		"assets/keys.js": true, "assets/own.js": true, "assets/sound.js": true, "novnc/core/rfb.js": true, "novnc/core/util/a.js": true,
		"novnc/vendor/b.js": true, "novnc/vendor/c.js": true, "novnc/vendor/unused.js": false, "assets/player.js": false,
	} {
		if got := strings.Count(page, `<link rel="modulepreload" href="`+Prefix+path+`">`); got > 1 || (got == 1) != want {
			t.Errorf("%s: want it named: %t, got it named %d times", path, want, got)
		}
	}
}

func TestFilesAreServedByKindAndRevalidated(t *testing.T) {
	_, base := house(t, newDesk())
	res := get(t, base+Prefix+"novnc/core/rfb.js")
	tag := res.Header.Get("ETag")
	if res.StatusCode != 200 || tag == "" || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/javascript") {
		t.Fatalf("want 200, an entity tag and text/javascript, got %d %v", res.StatusCode, res.Header)
	}
	if got := get(t, base+Prefix+"novnc/core/rfb.js", "If-None-Match", tag).StatusCode; got != http.StatusNotModified {
		t.Errorf("asked again with its tag: want 304, got %d", got)
	}
	for _, path := range []string{"novnc/", "novnc/core/", "novnc/core/notes.html", "novnc/README.md", "assets/", "assets/../webaccess.go", "assets/missing.js"} {
		if got := get(t, base+Prefix+path).StatusCode; got == 200 {
			t.Errorf("%s: want it not served, got 200", path)
		}
	}
}

func TestLanguage(t *testing.T) {
	rows := []struct{ name, accept, want string }{
		{"nothing said", "", "en"},
		{"Japanese with region", "ja-JP", "ja"},
		{"Japanese first by order", "ja,en", "ja"},
		{"English first by order", "en-US,en;q=0.9,ja;q=0.8", "en"},
		{"Japanese heavier though later", "en;q=0.2, ja;q=0.7", "ja"},
		{"neither", "fr-FR, de;q=0.5", "en"},
		{"Japanese behind a foreign language", "fr, ja;q=0.4", "ja"},
		{"Japanese refused", "ja;q=0", "en"},
		{"a weight that is no number", "ja;q=high", "en"},
		{"a language that only begins alike", "jav", "en"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := language(row.accept); got != row.want {
				t.Errorf("%q: want %s, got %s", row.accept, row.want, got)
			}
		})
	}
}

func FuzzLanguage(f *testing.F) {
	f.Add("ja-JP,ja;q=0.9,en;q=0.8")
	f.Add(";;q=,,ja;q=NaN")
	f.Fuzz(func(t *testing.T, accept string) {
		if got := language(accept); got != "ja" && got != "en" {
			t.Errorf("%q: want ja or en, got %q", accept, got)
		}
	})
}
