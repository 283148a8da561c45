package notifytest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"

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
