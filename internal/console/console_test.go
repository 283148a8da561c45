package console

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func packed(t *testing.T, text string) *fstest.MapFile {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &fstest.MapFile{Data: b.Bytes()}
}

func get(h http.Handler, method, path, encoding, tag string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("Accept-Encoding", encoding)
	r.Header.Set("If-None-Match", tag)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestFilesAreServed(t *testing.T) {
	h, err := open(fstest.MapFS{
		"index.html.gz":       packed(t, "<p>start"),
		"assets/a-1234.js.gz": packed(t, "code"),
		"assets/a.map.gz":     packed(t, "map"),
		"assets/plain.js":     {Data: []byte("not packed")},
	})
	if err != nil {
		t.Fatal(err)
	}
	const forever, ask = "public, max-age=31536000, immutable", "no-cache"
	for _, row := range []struct {
		name, method, path, encoding string
		status                       int
		body, kind, cache, coding    string
	}{
		{"the start page", "GET", "", "", 200, "<p>start", "text/html; charset=utf-8", ask, ""},
		{"a page's own address shows the start page", "GET", "desktops/ws-1", "", 200, "<p>start", "text/html; charset=utf-8", ask, ""},
		{"code is kept for ever", "GET", "assets/a-1234.js", "", 200, "code", "text/javascript; charset=utf-8", forever, ""},
		{"who unpacks gets it packed", "GET", "assets/a-1234.js", "br, GZIP;q=0.5", 200, "", "text/javascript; charset=utf-8", forever, "gzip"},
		{"who refuses gzip does not", "GET", "assets/a-1234.js", "gzip; q=0", 200, "code", "text/javascript; charset=utf-8", forever, ""},
		{"a HEAD has no body", "HEAD", "", "gzip", 200, "", "text/html; charset=utf-8", ask, "gzip"},
		{"an asset that is none", "GET", "assets/b.js", "", 404, "404 page not found\n", "text/plain; charset=utf-8", "", ""},
		{"a kind that is not given out", "GET", "assets/a.map", "", 404, "404 page not found\n", "text/plain; charset=utf-8", "", ""},
		{"a file that was not packed", "GET", "assets/plain.js", "", 404, "404 page not found\n", "text/plain; charset=utf-8", "", ""},
		{"a write", "POST", "", "", 405, "the console is only read\n", "text/plain; charset=utf-8", "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := get(h, row.method, Prefix+row.path, row.encoding, "")
			hd := w.Header()
			body := w.Body.String()
			if row.coding == "gzip" && row.method == "GET" {
				if r, err := gzip.NewReader(w.Body); err != nil || r.Close() != nil {
					t.Errorf("the body is not packed: %v", err)
				}
				body = ""
			}
			got := []any{w.Code, body, hd.Get("Content-Type"), hd.Get("Cache-Control"), hd.Get("Content-Encoding")}
			for i, want := range []any{row.status, row.body, row.kind, row.cache, row.coding} {
				if got[i] != want {
					t.Errorf("want %q, got %q", want, got[i])
				}
			}
			policy := hd.Get("Content-Security-Policy")
			if strings.Contains(policy, "unsafe") || !strings.Contains(policy, "default-src 'none'") {
				t.Errorf("policy: got %q", policy)
			}
		})
	}
	tag := get(h, "GET", Prefix, "gzip", "").Header().Get("ETag")
	if w := get(h, "GET", Prefix, "gzip", tag); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("a page that did not change: got %d with %d bytes", w.Code, w.Body.Len())
	}
}

func TestABinaryWithoutTheConsoleSaysSo(t *testing.T) {
	w := get(&Handler{}, "GET", Prefix, "", "")
	if w.Code != http.StatusNotImplemented || !strings.Contains(w.Body.String(), "<code>make</code>") {
		t.Errorf("got %d: %s", w.Code, w.Body)
	}
}
