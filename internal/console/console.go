package console

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// Prefix is where the handler lives on the plane's port.
const Prefix = "/_tamachi/console/"

// The folder web holds a README always and the console itself, in dist, once
// make has built it.
//
//go:embed web
var embedded embed.FS

// start is the page that every address of the console shows.
const start = "index.html"

// contentTypes are the kinds of file that are given out.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".svg":  "image/svg+xml",
	".txt":  "text/plain; charset=utf-8",
}

// unbuilt is shown by a binary that was built without make.
const unbuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Tamachi</title>
<p>This binary was built without its console. Build it with <code>make</code>.</p>
<p lang="ja">このバイナリーはコンソールなしでビルドされています。<code>make</code> でビルドしてください。</p></html>
`

// file is what is given out of one file.
type file struct {
	kind, tag string
	packed    []byte // by gzip
}

// Handler serves everything under Prefix.
type Handler struct {
	files map[string]file // by the path below Prefix; empty when the console was not built
}

// New returns the handler.
func New() *Handler {
	if _, err := fs.Stat(embedded, "web/dist/"+start+".gz"); err != nil {
		return &Handler{}
	}
	built, err := fs.Sub(embedded, "web/dist")
	if err != nil {
		panic("console: " + err.Error()) // a constant path is wrong
	}
	h, err := open(built)
	if err != nil {
		panic("console: " + err.Error()) // what is embedded can be read
	}
	return h
}

func open(built fs.FS) (*Handler, error) {
	h := &Handler{files: make(map[string]file)}
	err := fs.WalkDir(built, ".", func(p string, d fs.DirEntry, err error) error {
		name, packed := strings.CutSuffix(p, ".gz")
		if err != nil || d.IsDir() || !packed || contentTypes[path.Ext(name)] == "" {
			return err
		}
		b, err := fs.ReadFile(built, p)
		sum := sha256.Sum256(b)
		h.files[name] = file{contentTypes[path.Ext(name)], `"` + hex.EncodeToString(sum[:12]) + `"`, b}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the console: %w", err)
	}
	return h, nil
}

// ServeHTTP answers a request under Prefix.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "the console is only read", http.StatusMethodNotAllowed)
		return
	}
	if len(h.files) == 0 {
		w.Header().Set("Content-Type", contentTypes[".html"])
		w.WriteHeader(http.StatusNotImplemented)
		_, _ = io.WriteString(w, unbuilt)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, Prefix)
	f, ok := h.files[name]
	if !ok && (strings.HasPrefix(name, "assets/") || path.Ext(name) != "") {
		http.NotFound(w, r)
		return
	}
	if !ok { // an address of one of the console's pages
		f = h.files[start]
	}
	w.Header().Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	f.give(w, r)
}

// give sends a file as it lies here, or unpacked to who cannot unpack it.
func (f file) give(w http.ResponseWriter, r *http.Request) {
	hd := w.Header()
	hd.Set("Vary", "Accept-Encoding")
	hd.Set("Content-Type", f.kind)
	if !accepts(r.Header.Get("Accept-Encoding")) {
		plain, err := gzip.NewReader(bytes.NewReader(f.packed))
		if err != nil {
			http.Error(w, "the file could not be read", http.StatusInternalServerError)
			return
		}
		if r.Method == http.MethodGet {
			_, _ = io.Copy(w, plain) // the visitor went away: nobody to tell
		}
		return
	}
	hd.Set("ETag", f.tag)
	if r.Header.Get("If-None-Match") == f.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	hd.Set("Content-Encoding", "gzip")
	hd.Set("Content-Length", strconv.Itoa(len(f.packed)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(f.packed) // the visitor went away: nobody to tell
	}
}

// accepts tells whether an Accept-Encoding header takes gzip (RFC 9110, section
// 12.5.3).
func accepts(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		q, given := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		weight, err := strconv.ParseFloat(q, 64)
		return !given || err == nil && weight > 0
	}
	return false
}

// secure forbids what the pages do not need: foreign or inline code and styles,
// being framed, sending forms, and telling other sites where the visitor came
// from.
func secure(hd http.Header) {
	hd.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "+
		"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	hd.Set("X-Frame-Options", "DENY")
	hd.Set("X-Content-Type-Options", "nosniff")
	hd.Set("Referrer-Policy", "no-referrer")
	hd.Set("Cross-Origin-Opener-Policy", "same-origin")
	hd.Set("Cross-Origin-Resource-Policy", "same-origin")
	hd.Set("Permissions-Policy", "clipboard-read=(self), clipboard-write=(self)")
}
