package house

import (
	_ "embed" // install.sh
	"encoding/json"
	"net/http"
	"runtime"
	"strings"
)

//go:embed install.sh
var installScript string

// installer serves what a host needs that has nothing yet: the script that
// `curl ... | sh` runs, which fetches this program as agents do (agentFile),
// and what a node must know of the plane.
// None of it is secret. The script is told the CA's fingerprint by whoever
// starts it, so that it may come over plain HTTP.
func (h *House) installer(mux *http.ServeMux) {
	mux.HandleFunc("GET /_tamachi/node.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(struct{ Region, Domain string }{h.o.Config.Region, h.o.Config.Domain})
	})
	mux.HandleFunc("GET /_tamachi/install.sh", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/x-shellscript; charset=utf-8")
		_, _ = w.Write([]byte(strings.ReplaceAll(installScript, "@ARCH@", runtime.GOARCH)))
	})
}
