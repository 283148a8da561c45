package webaccess

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// The folder novnc holds a README always and noVNC itself, in dist, once make
// has copied it there. "all:" keeps files that begin with a dot or underscore.
//
//go:embed all:novnc assets
var embedded embed.FS

var contentTypes = map[string]string{
	".js":  "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml",
	".txt": "text/plain; charset=utf-8",
}

// builtViewer returns noVNC, or nil when the binary was built without it.
func builtViewer() fs.FS {
	if _, err := fs.Stat(embedded, "novnc/dist/core/rfb.js"); err != nil {
		return nil
	}
	return sub("novnc/dist")
}

func ownAssets() fs.FS { return sub("assets") }

func sub(dir string) fs.FS {
	f, err := fs.Sub(embedded, dir)
	if err != nil {
		panic("webaccess: " + err.Error()) // a constant path is wrong
	}
	return f
}

// files serves a tree with entity tags, so that a browser asks again but does
// not fetch again. Only the kinds of file in contentTypes are given out.
func (h *Handler) files(prefix string, tree fs.FS) http.Handler {
	_ = fs.WalkDir(tree, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(tree, p)
		sum := sha256.Sum256(b)
		h.etags[prefix+p] = `"` + hex.EncodeToString(sum[:12]) + `"`
		return err
	})
	server := http.StripPrefix(strings.TrimSuffix(prefix, "/"), http.FileServerFS(tree))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tag, kind := h.etags[r.URL.Path], contentTypes[path.Ext(r.URL.Path)]
		if tag == "" || kind == "" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("ETag", tag)
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "no-cache")
		server.ServeHTTP(w, r)
	})
}
