package main

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
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack/slacktest"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/approval"
	"tamachi/internal/desk/notice"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
)

// TestAButtonInSlackIsAVote asks two stages by Slack, on Slack's own test
// server, and answers by its buttons.
func TestAButtonInSlackIsAVote(t *testing.T) {
	address, posted := slackServer(t)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "token"), "xoxb-test\n")
	write(t, filepath.Join(dir, "desk.yaml"), `
people: {suzuki: {slack: U0SUZUKI, language: ja}, sato: {slack: U0SATO}, tanabe: {slack: U0TANABE, aws: ["arn:tanabe"]}}
approvals: {printing exception: {stages: [{of: [suzuki]}, {of: [sato, tanabe]}]}}
slack: {token-file: token, api: "`+address+`"}
quiet: {from: "00:00", to: "00:00"}
`)
	env := map[string]string{"TAMACHI_DESK": filepath.Join(dir, "desk.yaml"), "XDG_STATE_HOME": dir}
	w := account.World{Getenv: func(k string) string { return env[k] }, Clock: clock.Real{}, Location: time.UTC}
	w.Tell = notice.Tell(w, noticeWays())
	conf, err := settings.Load(w.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	rule, _ := conf.Approval("printing exception", 1)
	q, err := approval.New(approval.Request{
		Subject: "plan p-1", Digest: "d", Duty: "printing exception", By: "arn:tanabe", Reason: "tax forms",
		Title: approval.Title{En: "printing for yamada", Ja: "yamada の印刷"},
	}, rule, conf, w.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	s, err := shelf.In(w.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	folder := approval.In(s)
	if err := folder.Save(q); err != nil {
		t.Fatal(err)
	}
	if err := (&approval.Record{Request: q}).Tell(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	var log []string
	door := &notice.Door{
		Clicks: noticeWays().Clicks, Secret: "secret", Settings: conf, Folder: folder, Clock: w.Clock, Log: func(s string) { log = append(log, s) },
		Voted: func(ctx context.Context, r *approval.Record) {
			if err := r.Tell(ctx, w); err != nil {
				t.Error(err)
			}
		},
	}
	click := func(member, secret string) int {
		rec := httptest.NewRecorder()
		door.ServeHTTP(rec, signedClick(member, secret, q.ID))
		return rec.Code
	}
	if code := click("U0SUZUKI", "wrong"); code != http.StatusForbidden {
		t.Errorf("want a forged click refused, got %d", code)
	}
	for _, member := range []string{"U0SATO", "U0SUZUKI", "U0SUZUKI", "U0TANABE", "U0SATO", "U0NOBODY"} {
		if code := click(member, "secret"); code != http.StatusOK {
			t.Errorf("%s: want 200, got %d", member, code)
		}
	}
	r, err := folder.Read(q.ID)
	if err != nil {
		t.Fatal(err)
	}
	if state, _ := r.State(w.Clock.Now()); state != approval.Approved || len(r.Votes) != 2 || r.Votes[0].Person != "suzuki" || r.Votes[1].Via != approval.Slack {
		t.Errorf("want suzuki's and then sato's vote, each once, got %s %+v; %v", state, r.Votes, log)
	}
	var to []string
	for _, p := range posted() {
		to = append(to, p.Get("channel"))
	}
	if strings.Join(to, " ") != "U0SUZUKI U0SATO" {
		t.Errorf("want each asked once, in their turn, and not the one who asks; got %v", to)
	}
	if first := posted()[0]; !strings.Contains(first.Get("text"), "tanabe から承認依頼: yamada の印刷\n理由: tax forms") || !strings.Contains(first.Get("blocks"), q.ID) {
		t.Errorf("want the request in Japanese with buttons, got %v", first)
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// slackServer is Slack's own test server behind one that keeps what is posted.
func slackServer(t *testing.T) (address string, posted func() []url.Values) {
	t.Helper()
	s := slacktest.NewTestServer()
	s.Start()
	t.Cleanup(s.Stop)
	target, err := url.Parse(s.GetAPIURL())
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var all []url.Values // guarded by mu
	forward := httputil.NewSingleHostReverseProxy(target)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		mu.Lock()
		all = append(all, form)
		mu.Unlock()
		r.Body = io.NopCloser(bytes.NewReader(body))
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	return front.URL, func() []url.Values {
		mu.Lock()
		defer mu.Unlock()
		return all
	}
}

// signedClick is a click on "agree" as Slack sends it.
func signedClick(member, secret, request string) *http.Request {
	body := url.Values{"payload": {`{"type":"block_actions","user":{"id":"` + member + `"},"actions":[{"action_id":"approve","block_id":"b","value":"` + request + `","type":"button"}]}`}}.Encode()
	r := httptest.NewRequest(http.MethodPost, "/slack/actions", strings.NewReader(body))
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":" + body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return r
}
