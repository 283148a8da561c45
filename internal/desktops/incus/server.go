package incus

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"tamachi/internal/desktops"
)

// server is an Incus server, reached through one project of it (Incus
// documentation, "REST API").
type server struct {
	http    *http.Client
	base    string // http://incus, or https://host:port
	project string
}

// largest is how many bytes of an answer are read: thousands of instances.
const largest = 64 << 20

// dial makes the way to the server of the options; nothing is sent yet.
func dial(o Options) (*server, error) {
	if path, ok := strings.CutPrefix(o.Server, "unix:"); ok {
		t := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", path)
		}}
		return &server{http: &http.Client{Transport: t}, base: "http://incus"}, nil
	}
	to, err := url.Parse(o.Server)
	if err != nil || to.Scheme != "https" || to.Host == "" || to.Path != "" {
		return nil, fmt.Errorf("incus server %q: want unix:PATH or https://HOST:PORT", o.Server)
	}
	config, err := mutual(o.Keys)
	if err != nil {
		return nil, err
	}
	t := &http.Transport{TLSClientConfig: config}
	return &server{http: &http.Client{Transport: t}, base: "https://" + to.Host}, nil
}

// The files of the keys' folder.
const (
	clientCertificate = "client.crt"
	clientKey         = "client.key"
	serverCertificate = "server.crt"
)

// mutual is TLS with our certificate, to a server that shows the very one that
// is kept beside it: Incus servers sign theirs themselves (Incus
// documentation, "Remote API authentication").
func mutual(folder string) (*tls.Config, error) {
	key := filepath.Join(folder, clientKey)
	if st, err := os.Stat(key); err != nil {
		return nil, fmt.Errorf("the key for the Incus server: %w", err)
	} else if st.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s can be read by others; run: chmod 600 %s", key, key)
	}
	pair, err := tls.LoadX509KeyPair(filepath.Join(folder, clientCertificate), key)
	if err != nil {
		return nil, fmt.Errorf("the key for the Incus server: %w", err)
	}
	text, err := os.ReadFile(filepath.Join(folder, serverCertificate))
	if err != nil {
		return nil, fmt.Errorf("the certificate of the Incus server: %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, fmt.Errorf("%s holds no certificate (PEM)", filepath.Join(folder, serverCertificate))
	}
	pinned := sha256.Sum256(block.Bytes)
	return &tls.Config{
		Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS13,
		InsecureSkipVerify: true, // its own check follows: this certificate and no other
		VerifyConnection: func(s tls.ConnectionState) error {
			if len(s.PeerCertificates) == 0 || sha256.Sum256(s.PeerCertificates[0].Raw) != pinned {
				return errOtherServer
			}
			return nil
		},
	}, nil
}

var errOtherServer = errors.New("the Incus server shows another certificate than the one that is kept for it (" + serverCertificate + ")")

// answer is what each call returns (Incus documentation, "Return values").
type answer struct {
	Type      string          `json:"type"` // sync, async, error
	Operation string          `json:"operation"`
	ErrorCode int             `json:"error_code"`
	Error     string          `json:"error"`
	Metadata  json.RawMessage `json:"metadata"`
}

// refusal is an error of the server.
type refusal struct {
	code int
	text string
}

func (r *refusal) Error() string { return "incus: " + r.text }

// Is tells what a refusal means in the vocabulary of desktops.
func (r *refusal) Is(target error) bool {
	switch target {
	case desktops.ErrNotFound:
		return r.code == http.StatusNotFound
	case desktops.ErrNoSpace:
		low := strings.ToLower(r.text)
		return strings.Contains(low, "no space left") || strings.Contains(low, "disk quota exceeded")
	}
	return false
}

// taken tells that something of that name is there already.
func taken(err error) bool {
	var r *refusal
	return errors.As(err, &r) && (r.code == http.StatusConflict || strings.Contains(r.text, "already exists"))
}

// path is a path below /1.0 of parts that are no part of its form.
func path(parts ...string) string {
	var out strings.Builder
	out.WriteString("/1.0")
	for _, p := range parts {
		out.WriteString("/" + url.PathEscape(p))
	}
	return out.String()
}

// address is the whole address of a path, in the provider's project.
func (s *server) address(path string, query url.Values) string {
	if query == nil {
		query = url.Values{}
	}
	if s.project != "" && !query.Has("project") {
		query.Set("project", s.project)
	}
	return s.base + path + "?" + query.Encode()
}

// request is a call with a body that is no JSON.
func (s *server) request(ctx context.Context, method, path string, query url.Values, header http.Header, body io.Reader) (*answer, error) {
	r, err := http.NewRequestWithContext(ctx, method, s.address(path, query), body)
	if err != nil {
		return nil, err
	}
	r.Header = header
	res, err := s.http.Do(r)
	if err != nil {
		return nil, fmt.Errorf("ask the Incus server: %w", err)
	}
	defer res.Body.Close()
	return read(io.LimitReader(res.Body, largest))
}

// read reads an answer.
func read(from io.Reader) (*answer, error) {
	var a answer
	if err := json.NewDecoder(from).Decode(&a); err != nil {
		return nil, fmt.Errorf("read the answer of the Incus server: %w", err)
	}
	if a.Type == "error" {
		return nil, &refusal{a.ErrorCode, a.Error}
	}
	return &a, nil
}

// call sends in as JSON, waits for the operation if one was begun, and reads
// what it came to into out; both may be nil.
func (s *server) call(ctx context.Context, method, path string, query url.Values, in, out any) error {
	a, err := s.begin(ctx, method, path, query, in)
	if err != nil {
		return err
	}
	if a.Type == "async" {
		return s.wait(ctx, a)
	}
	if out == nil {
		return nil
	}
	return decode(a.Metadata, out)
}

// bridge makes or removes a network, or what hangs together with one. The server looks through all interfaces of
// its machine then, and refuses when one vanishes meanwhile because some
// container ends; the next call does not meet that one any more.
func (s *server) bridge(ctx context.Context, method, path string, in any) error {
	var err error
	for range 10 {
		err = s.call(ctx, method, path, shared(), in, nil)
		var r *refusal
		if !errors.As(err, &r) || !strings.Contains(r.text, "ip -d -j link show") {
			return err
		}
	}
	return err
}

// begin sends in as JSON and does not wait for the operation.
func (s *server) begin(ctx context.Context, method, path string, query url.Values, in any) (*answer, error) {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	return s.request(ctx, method, path, query, http.Header{"Content-Type": {"application/json"}}, body)
}

func (s *server) get(ctx context.Context, path string, query url.Values, out any) error {
	return s.call(ctx, http.MethodGet, path, query, nil, out)
}

func decode(text json.RawMessage, out any) error {
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("read the answer of the Incus server: %w", err)
	}
	return nil
}

// operation is something that takes the server a while.
type operation struct {
	ID         string              `json:"id"`
	StatusCode int                 `json:"status_code"` // 200 success, 400 failure, 401 cancelled
	Err        string              `json:"err"`
	Metadata   map[string]any      `json:"metadata"`
	Resources  map[string][]string `json:"resources"`
}

// operation is what an answer began.
func (a *answer) operation() (operation, error) {
	var op operation
	if err := decode(a.Metadata, &op); err != nil {
		return op, err
	}
	if op.ID == "" || strings.ContainsAny(op.ID, "/?#") {
		return op, errors.New("the Incus server began an operation without an id")
	}
	return op, nil
}

// wait waits until an operation ends: the server holds its answer back so long.
// An operation nobody waits for any more is cancelled where that is possible.
func (s *server) wait(ctx context.Context, a *answer) error {
	op, err := a.operation()
	if err != nil {
		return err
	}
	var ended operation
	if err := s.get(ctx, path("operations", op.ID, "wait"), nil, &ended); err != nil {
		return err
	}
	if ended.StatusCode != http.StatusOK {
		return &refusal{ended.StatusCode, ended.Err}
	}
	return nil
}
