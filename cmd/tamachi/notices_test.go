package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/approval"
	"tamachi/internal/desk/notice"
	"tamachi/internal/desk/question"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
	"tamachi/internal/notify/notifytest"
)

// TestAButtonInSlackIsAVote asks two stages by Slack, on Slack's own test
// server, and answers by its buttons.
func TestAButtonInSlackIsAVote(t *testing.T) {
	server, w := slackDesk(t, `
people: {suzuki: {slack: U0SUZUKI, language: ja}, sato: {slack: U0SATO}, tanabe: {slack: U0TANABE, aws: ["arn:tanabe"]}}
approvals: {printing exception: {stages: [{of: [suzuki]}, {of: [sato, tanabe]}]}}
`)
	folder, q := printingAsked(t, w)
	var log []string
	takers := question.Takers{approval.Kind: approval.Taker(w)}
	door, err := notice.OpenDoor(w, noticeWays(), takers, func(s string) { log = append(log, s) })
	if err != nil {
		t.Fatal(err)
	}
	// Each is asked by a question of their own; others click on the first.
	questionOf := func(member string) string {
		all := server.Posted()
		first := all[0]
		for _, p := range all {
			if p.Get("channel") == member {
				first = p
			}
		}
		return regexp.MustCompile(`q-[0-9a-f]{16}`).FindString(first.Get("blocks"))
	}
	click := func(member, secret string) int {
		rec := httptest.NewRecorder()
		door.Handler().ServeHTTP(rec, signedClick(member, secret, questionOf(member)))
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
	for _, p := range server.Posted() {
		to = append(to, p.Get("channel"))
	}
	if strings.Join(to, " ") != "U0SUZUKI U0SATO" {
		t.Errorf("want each asked once, in their turn, and not the one who asks; got %v", to)
	}
	if first := server.Posted()[0]; !strings.Contains(first.Get("text"), "tanabe から承認依頼: yamada の印刷\n理由: tax forms") || !strings.Contains(first.Get("blocks"), "answer-approve") {
		t.Errorf("want the request in Japanese with buttons, got %v", first)
	}
}

// slackDesk is a desk that speaks by Slack, on Slack's own test server.
func slackDesk(t *testing.T, conf string) (*notifytest.Slack, account.World) {
	t.Helper()
	server, err := notifytest.OpenSlack()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "token"), "xoxb-test\n")
	write(t, filepath.Join(dir, "secret"), "secret\n")
	write(t, filepath.Join(dir, "desk.yaml"), conf+`
slack: {token-file: token, secret-file: secret, api: "`+server.Address+`"}
quiet: {from: "00:00", to: "00:00"}
`)
	return server, deskIn(dir)
}

// deskIn is a desk with the settings that lie in a folder.
func deskIn(dir string) account.World {
	env := map[string]string{"TAMACHI_DESK": filepath.Join(dir, "desk.yaml"), "XDG_STATE_HOME": dir}
	w := account.World{Getenv: func(k string) string { return env[k] }, Clock: clock.Real{}, Rand: rand.Reader, Location: time.UTC}
	w.Tell = notice.Tell(w, noticeWays())
	return w
}

// TestALinkInAMailIsAVote asks two stages by mail and answers by the links, as
// a reader's browser does.
func TestALinkInAMailIsAVote(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "desk.yaml"), `
people: {suzuki: {mail: suzuki@example.com, language: ja}, sato: {mail: sato@example.com}, tanabe: {mail: tanabe@example.com, aws: ["arn:tanabe"]}}
approvals: {printing exception: {stages: [{of: [suzuki, tanabe]}, {of: [sato]}]}}
answers: {url: "http://desk.example.com"}
outbox: outbox
quiet: {from: "00:00", to: "00:00"}
`)
	w := deskIn(dir)
	folder, q := printingAsked(t, w)
	door, err := notice.OpenDoor(w, noticeWays(), question.Takers{approval.Kind: approval.Taker(w)}, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	visit := func(method, link string, form url.Values) (int, string) {
		r := httptest.NewRequest(method, link, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := httptest.NewRecorder()
		door.Handler().ServeHTTP(rec, r)
		return rec.Code, rec.Body.String()
	}
	letters := letterLinks(t, filepath.Join(dir, "outbox"))
	link := letters["suzuki@example.com"]
	if len(letters) != 1 || !strings.HasPrefix(link, "http://desk.example.com/q/q-") {
		t.Fatalf("want a link for suzuki alone, who did not ask; got %v", letters)
	}
	if code, page := visit(http.MethodGet, link, nil); code != http.StatusOK || !strings.Contains(page, "tanabe から承認依頼: yamada の印刷") || !strings.Contains(page, "&#34;user&#34;: &#34;yamada&#34;") {
		t.Fatalf("want the request with its evidence, got %d %s", code, page)
	}
	if code, _ := visit(http.MethodPost, link, url.Values{"choice": {"approve"}, "reason": {"紙が要る"}}); code != http.StatusOK {
		t.Errorf("want the vote taken, got %d", code)
	}
	if code, _ := visit(http.MethodPost, link, url.Values{"choice": {"refuse"}, "reason": {"x"}}); code != http.StatusConflict {
		t.Errorf("want no second vote, got %d", code)
	}
	next := letterLinks(t, filepath.Join(dir, "outbox"))["sato@example.com"]
	if code, page := visit(http.MethodPost, next, url.Values{"choice": {"refuse"}}); code != http.StatusBadRequest || !strings.Contains(page, "needs a reason") {
		t.Errorf("want a reason for a refusal, in English; got %d %s", code, page)
	}
	if code, _ := visit(http.MethodPost, next, url.Values{"choice": {"refuse"}, "reason": {"not this year"}}); code != http.StatusOK {
		t.Errorf("want the refusal taken, got %d", code)
	}
	r, err := folder.Read(q.ID)
	if err != nil {
		t.Fatal(err)
	}
	if state, _ := r.State(w.Clock.Now()); state != approval.Rejected || len(r.Votes) != 2 || r.Votes[0].Reason != "紙が要る" || r.Votes[1].Via != approval.Link || r.Votes[1].Person != "sato" {
		t.Errorf("want both votes by link, got %s %+v", state, r.Votes)
	}
}

// printingAsked asks for a printing exception for yamada, in the name of tanabe,
// and tells those whose turn it is.
func printingAsked(t *testing.T, w account.World) (approval.Folder, *approval.Request) {
	t.Helper()
	conf, err := settings.Load(w.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	rule, _ := conf.Approval("printing exception", 1)
	q, err := approval.New(approval.Request{
		Subject: "plan p-1", Digest: "d", Duty: "printing exception", By: "arn:tanabe", Reason: "tax forms", Evidence: []byte(`{"user":"yamada"}`),
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
	return folder, q
}

// letterLinks are the links in the letters of an outbox, by receiver.
func letterLinks(t *testing.T, dir string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m, err := mail.ReadMessage(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, m.Body))
		if err != nil {
			t.Fatal(err)
		}
		out[strings.Trim(m.Header.Get("To"), "<>")] = regexp.MustCompile(`https?://\S+`).FindString(string(text))
	}
	return out
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// signedClick is a click on "agree" as Slack sends it.
func signedClick(member, secret, question string) *http.Request {
	return notifytest.Click(secret, clicked(member, "approve", question), time.Now())
}

// clicked is the payload of a click.
func clicked(member, choice, question string) string {
	return `{"type":"block_actions","user":{"id":"` + member + `"},"actions":[{"action_id":"answer-` + choice + `","block_id":"b","value":"` + question + `","type":"button"}]}`
}
