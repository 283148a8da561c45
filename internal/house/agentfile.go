package house

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"runtime"
	"sync"

	"tamachi/internal/agent"
)

// agentFile serves this very program to nodes, since it is their agent too,
// and tells its version and digest.
func agentFile(mux *http.ServeMux) {
	name := runtime.GOOS + "-" + runtime.GOARCH
	known := sync.OnceValues(readProgram)
	mux.HandleFunc("GET /_tamachi/agent/release.json", func(w http.ResponseWriter, _ *http.Request) {
		p, err := known()
		if err != nil {
			http.Error(w, "the program cannot be read", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"Version": agent.Version, "Files": map[string]program{name: p}})
	})
	mux.HandleFunc("GET /_tamachi/agent/"+name, func(w http.ResponseWriter, r *http.Request) {
		p, err := known()
		if err != nil {
			http.Error(w, "the program cannot be read", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/octet-stream")
		http.ServeFile(w, r, p.path)
	})
}

// program is a file of this plane's own program.
type program struct {
	Sha256 string
	Size   int64
	path   string
}

// readProgram reads it where it still is after somebody has put another in its
// place.
func readProgram() (program, error) {
	p := program{path: "/proc/self/exe"}
	f, err := os.Open(p.path)
	if err != nil {
		return p, err
	}
	defer f.Close()
	sum := sha256.New()
	p.Size, err = io.Copy(sum, f)
	p.Sha256 = hex.EncodeToString(sum.Sum(nil))
	return p, err
}
