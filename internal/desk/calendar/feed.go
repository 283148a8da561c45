package calendar

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"strings"

	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
)

// subject is the calendar's file on the shelf, and that of its secret.
const subject = "calendar"

func read(s shelf.Shelf) ([]Kept, error) {
	var all []Kept
	_, err := s.Read(subject, shelf.Target{}, &all)
	return all, err
}

// Path is where feeds are served.
const Path = "/calendar/"

// Feed serves the calendar to whoever has its address.
type Feed struct {
	Shelf    shelf.Shelf
	Random   io.Reader
	Settings *settings.Settings
	Log      func(string)
}

// secretSize is of the address's secret, in bytes.
const secretSize = 24

// Name is the last part of the address, which is the secret.
func (f *Feed) Name() (string, error) {
	b, err := f.Shelf.Secret(subject, secretSize, f.Random)
	return base64.RawURLEncoding.EncodeToString(b) + ".ics", err
}

// ServeHTTP answers GET and HEAD of Path and the name; ?lang=ja chooses the
// language.
func (f *Feed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, err := f.Name()
	if err != nil {
		f.fail(w, err)
		return
	}
	if !hmac.Equal([]byte(strings.TrimPrefix(r.URL.Path, Path)), []byte(name)) {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "want GET", http.StatusMethodNotAllowed)
		return
	}
	all, err := read(f.Shelf)
	if err != nil {
		f.fail(w, err)
		return
	}
	var b bytes.Buffer
	if err := write(&b, all, language(r.URL.Query().Get("lang"), f.Settings)); err != nil {
		f.fail(w, err)
		return
	}
	sum := sha256.Sum256(b.Bytes())
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	h := w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Content-Disposition", `inline; filename="maintenance.ics"`)
	h.Set("Cache-Control", "private, no-cache") // ask, then 304
	h.Set("ETag", tag)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(b.Bytes()) // who has gone needs no answer
}

func (f *Feed) fail(w http.ResponseWriter, err error) {
	f.Log("calendar: " + err.Error())
	http.Error(w, "the calendar cannot be read", http.StatusInternalServerError)
}

func language(want string, conf *settings.Settings) report.Lang {
	for _, s := range []string{want, conf.Language} {
		if l, err := report.ParseLang(s); err == nil {
			return l
		}
	}
	return report.English
}
