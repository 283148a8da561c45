package agent

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// relayed are the calls that scripts may make by the agent's socket, in the
// name of the node.
var relayed = map[string]bool{"AmazonSSM.PutInstancePatches": true}

// mostRelayed bounds a script's call.
const mostRelayed = 1 << 20

// socket is the path of the agent's socket, or nothing where the folder's path
// is too long for one (unix(7): 108 bytes).
func (a *agent) socket() string {
	path := filepath.Join(a.cfg.Folder, "plane.sock")
	if len(path) > 107 {
		return ""
	}
	return path
}

// keepSocket lets scripts of documents call the plane: POST /<target> with the
// JSON of a call, or GET /s3/<bucket>/<key>. So they need neither the node's credentials nor names and
// certificates of the plane. Only who runs as the agent may use it.
func (a *agent) keepSocket(ctx context.Context) error {
	server := &http.Server{Handler: http.HandlerFunc(a.relay), ReadHeaderTimeout: 10 * time.Second}
	l, err := a.listen(ctx)
	if err != nil {
		a.log.Warn("scripts cannot call the plane", slog.String("node", a.id.Node), slog.Any("err", err))
		<-ctx.Done()
		return ctx.Err()
	}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	err = server.Serve(l)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func (a *agent) listen(ctx context.Context) (net.Listener, error) {
	path := a.socket()
	if path == "" {
		return nil, errors.New("the path of the agent's folder is too long for a socket")
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) { // of an earlier run
		return nil, err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	return l, os.Chmod(path, 0o600) // the folder is 0700 already
}

// handOver gives a script an object of a bucket: GET /s3/<bucket>/<key>.
func (a *agent) handOver(w http.ResponseWriter, r *http.Request) {
	bucket, key, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/s3/"), "/")
	if !ok || key == "" {
		http.Error(w, "a bucket and a key are needed", http.StatusBadRequest)
		return
	}
	body, err := a.getObject(r.Context(), bucket, key)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer body.Close()
	_, _ = io.Copy(w, io.LimitReader(body, mostRelayed))
}

// relay makes one call for a script and answers as the plane did.
func (a *agent) relay(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/s3/") {
		a.handOver(w, r)
		return
	}
	target := r.URL.Path[1:]
	if r.Method != http.MethodPost || !relayed[target] {
		http.Error(w, `{"__type":"AccessDeniedException","message":"This call can't be made by the agent's socket."}`, http.StatusForbidden)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostRelayed))
	if err != nil || !json.Valid(body) {
		http.Error(w, `{"__type":"SerializationException","message":"The call can't be read."}`, http.StatusBadRequest)
		return
	}
	var out json.RawMessage
	err = a.ask(r.Context(), target, json.RawMessage(body), &out)
	if no := (*refusal)(nil); errors.As(err, &no) {
		told, _ := json.Marshal(map[string]string{"__type": no.Code, "message": no.Message})
		http.Error(w, string(told), no.Status)
		return
	}
	if err != nil {
		http.Error(w, `{"__type":"ServiceUnavailable"}`, http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write(out)
}
