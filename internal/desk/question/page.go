package question

import (
	"crypto/sha256"
	_ "embed" // the page
	"encoding/base64"
	"errors"
	"html/template"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

// Page answers the links. It needs no script and sets no cookie.
type Page struct {
	*Desk
	Key      Key
	Settings *settings.Settings

	template *template.Template
	policy   string
}

// Ready compiles the page.
func (p Page) Ready() *Page {
	p.template = template.Must(template.New("page").Parse(pageHTML))
	sum := sha256.Sum256([]byte(pageCSS))
	p.policy = "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	return &p
}

// maxForm bounds what is posted: a choice and a reason of characters of up to
// four bytes, each of which a form may write as three.
const maxForm = 16 << 10

// ServeHTTP shows a question (GET, HEAD) or takes its answer (POST).
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", p.policy)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer") // the address is the secret
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	token, is := strings.CutPrefix(r.URL.Path, path)
	rec, err := p.Key.open(p.Folder, token)
	if !is || err != nil {
		p.fail(w, r, nil, err)
		return
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		p.write(w, http.StatusOK, p.show(r, rec))
	case http.MethodPost:
		p.answer(w, r, rec)
	default:
		h.Set("Allow", "GET, HEAD, POST")
		http.Error(w, "want GET or POST", http.StatusMethodNotAllowed)
	}
}

// answer takes what the form says.
func (p *Page) answer(w http.ResponseWriter, r *http.Request, rec *Record) {
	// Fetch Metadata Request Headers, 2.3: browsers say where a form was. Who
	// says nothing has the address all the same, and that is the proof.
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		v := p.show(r, rec)
		v.Wrong = text.NotHere.In(v.Lang)
		p.write(w, http.StatusForbidden, v)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		p.fail(w, r, rec, ErrChoice)
		return
	}
	a := Answer{
		Choice: r.PostForm.Get("choice"), Reason: clean(r.PostForm.Get("reason")), Via: Link, By: p.Settings.People[rec.Question.Person].Mail,
	}
	if a.By == "" {
		a.By = rec.Question.Person
	}
	after, err := p.Answer(r.Context(), rec.Question.ID, rec.Question.Person, a)
	if err != nil {
		if after == nil {
			after = rec
		}
		p.fail(w, r, after, err)
		return
	}
	v := p.show(r, after)
	v.Said, v.Wrong = text.Thanks.In(v.Lang), ""
	p.write(w, http.StatusOK, v)
}

// clean is a reason as it is kept: text without what a terminal would obey.
func clean(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "\r\n", "\n")
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return report.Plain(s)
}

// fail shows why not, and the question again where there is one.
func (p *Page) fail(w http.ResponseWriter, r *http.Request, rec *Record, err error) {
	v := view{Lang: accepted(r, ""), Style: template.CSS(pageCSS)}
	if rec != nil {
		v = p.show(r, rec)
		v.choose(r.PostForm.Get("choice"), r.PostForm.Get("reason"))
	}
	v.Title = text.Title.In(v.Lang)
	if err == nil {
		err = ErrUnknown
	}
	sentence, known := Explain(err, v.Lang)
	v.Wrong = sentence
	if !known {
		p.Log(err.Error())
	}
	p.write(w, status(err, known), v)
}

func status(err error, known bool) int {
	switch {
	case errors.Is(err, ErrUnknown):
		return http.StatusNotFound
	case errors.Is(err, ErrChoice), errors.Is(err, ErrReason):
		return http.StatusBadRequest
	case errors.Is(err, ErrExpired):
		return http.StatusGone
	case known:
		return http.StatusConflict
	}
	return http.StatusInternalServerError
}

func (p *Page) write(w http.ResponseWriter, code int, v view) {
	w.WriteHeader(code)
	if err := p.template.Execute(w, v); err != nil {
		p.Log(err.Error())
	}
}

// accepted is the language that is asked for in the address, else the person's
// own, else the browser's first.
func accepted(r *http.Request, own string) report.Lang {
	if l, err := report.ParseLang(r.URL.Query().Get("lang")); err == nil {
		return l
	}
	if l, err := report.ParseLang(own); err == nil {
		return l
	}
	if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "ja") {
		return report.Japanese
	}
	return report.English
}

func when(t time.Time, s *settings.Settings) string {
	return t.In(s.Location()).Format("2006-01-02 15:04 MST")
}
