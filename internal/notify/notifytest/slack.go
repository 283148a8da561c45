package notifytest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack/slacktest"
)

// Slack is Slack's own test server, which remembers what was posted to it.
type Slack struct {
	Address string
	server  *slacktest.Server
	front   *httptest.Server

	mu  sync.Mutex
	all []url.Values // guarded by mu
}

// OpenSlack starts a server, which must be closed.
func OpenSlack() (*Slack, error) {
	s := &Slack{server: slacktest.NewTestServer()}
	target, err := url.Parse(s.server.GetAPIURL())
	if err != nil {
		return nil, err
	}
	forward := httputil.NewSingleHostReverseProxy(target)
	s.server.Start()
	s.front = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		s.mu.Lock()
		s.all = append(s.all, form)
		s.mu.Unlock()
		r.Body = io.NopCloser(bytes.NewReader(body))
		forward.ServeHTTP(w, r)
	}))
	s.Address = s.front.URL
	return s, nil
}

// Posted are the requests so far.
func (s *Slack) Posted() []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.all)
}

// Close stops the server.
func (s *Slack) Close() {
	s.front.Close()
	s.server.Stop()
}

// Click is a request with a payload of interactivity, signed by a secret at a
// time. Source: Slack API, "Verifying requests from Slack".
func Click(secret, payload string, at time.Time) *http.Request {
	body := url.Values{"payload": {payload}}.Encode()
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/slack/actions", strings.NewReader(body))
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":" + body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return r
}
