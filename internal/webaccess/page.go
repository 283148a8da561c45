package webaccess

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
)

//go:embed pages
var pageFiles embed.FS

var pages = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// view is what the templates are given.
type view struct {
	Lang, ID, Head, How string
	Modules             []string // addresses
	text
}

// page serves the shell in which the desktop is shown. It is the same for
// everyone; whether the visitor may see the desktop is decided at its state
// and stream.
func (h *Handler) page(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !workspaceID.MatchString(id) {
		http.NotFound(w, r)
		return
	}
	if h.viewer == nil {
		t := texts(language(r.Header.Get("Accept-Language")))
		h.notice(w, r, http.StatusNotImplemented, t.Unbuilt, t.UnbuiltHow, "make")
		return
	}
	h.render(w, r, http.StatusOK, "desktop.html", view{ID: id, Modules: h.modules})
}

// notice is a page that says one thing and what to do about it.
func (h *Handler) notice(w http.ResponseWriter, r *http.Request, code int, head, how, command string) {
	h.render(w, r, code, "notice.html", view{Head: head, How: how, ID: command})
}

func (h *Handler) render(w http.ResponseWriter, r *http.Request, code int, name string, v view) {
	v.Lang = language(r.Header.Get("Accept-Language"))
	v.text = texts(v.Lang)
	h.write(w, code, name, v)
}

// write makes a page of its template and what the template is given.
func (h *Handler) write(w http.ResponseWriter, code int, name string, v any) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, v); err != nil {
		h.o.Log.Error("render page", "err", err)
		http.Error(w, "the page could not be made", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Vary", "Accept-Language")
	w.WriteHeader(code)
	_, _ = w.Write(b.Bytes()) // the visitor went away: nobody to tell
}
