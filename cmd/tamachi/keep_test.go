package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tamachi/internal/desk/cost"
	"tamachi/internal/desk/notice"
	"tamachi/internal/desk/question"
	"tamachi/internal/desk/shelf"
	"tamachi/internal/notify/notifytest"
)

// TestAButtonInSlackKeepsADesktop asks two owners by Slack, on Slack's own test
// server, whether their desktops are needed: only a click that Slack signed just
// now, by the one who was asked, counts, and only the first.
func TestAButtonInSlackKeepsADesktop(t *testing.T) {
	server, w := slackDesk(t, `people: {aya: {slack: U0AYA, language: ja}, hiro: {slack: U0HIRO}}`)
	s, err := shelf.In(w.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	folder, ids := question.In(s), map[string]string{}
	for person, desktop := range map[string]string{"aya": "ws-aya000000", "hiro": "ws-hiro00000"} {
		r, err := question.Ask(t.Context(), w, question.Question{
			Kind: cost.KeepKind, Subject: desktop, Key: "2026-11", Person: person, Expires: time.Now().Add(time.Hour),
			What: [2]string{"is it needed?", "必要ですか"}, Why: [2]string{"unused", "未使用"}, Do: [2]string{"answer", "回答"},
			Choices: []question.Choice{{Value: "keep", Label: [2]string{"Keep", "使い続ける"}}, {Value: "release", Label: [2]string{"Release", "返却する"}, Danger: true}},
		})
		if err != nil {
			t.Fatal(err)
		}
		ids[person] = r.Question.ID
	}
	for _, p := range server.Posted() {
		if blocks := p.Get("blocks"); !strings.Contains(blocks, "answer-keep") || !strings.Contains(blocks, "answer-release") {
			t.Errorf("want both buttons for %s, got %s", p.Get("channel"), blocks)
		}
	}
	var log []string
	door, err := notice.OpenDoor(w, noticeWays(), deskTakers(w), func(s string) { log = append(log, s) })
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	for _, c := range []struct {
		name, secret, member, choice, of string
		at                               time.Time
		code                             int
		aya, hiro                        string // what counts after it
	}{
		{"forged", "guessed", "U0AYA", "release", "aya", now, http.StatusForbidden, "", ""},
		{"replayed, ten minutes old", "secret", "U0AYA", "release", "aya", now.Add(-10 * time.Minute), http.StatusForbidden, "", ""},
		{"of the time to come", "secret", "U0AYA", "release", "aya", now.Add(10 * time.Minute), http.StatusForbidden, "", ""},
		{"by somebody else", "secret", "U0HIRO", "release", "aya", now, http.StatusOK, "", ""},
		{"by a stranger", "secret", "U0NOBODY", "release", "aya", now, http.StatusOK, "", ""},
		{"a choice that there is not", "secret", "U0AYA", "burn", "aya", now, http.StatusOK, "", ""},
		{"keep", "secret", "U0AYA", "keep", "aya", now, http.StatusOK, "keep", ""},
		{"the same again", "secret", "U0AYA", "keep", "aya", now, http.StatusOK, "keep", ""},
		{"another mind", "secret", "U0AYA", "release", "aya", now, http.StatusOK, "keep", ""},
		{"release", "secret", "U0HIRO", "release", "hiro", now, http.StatusOK, "keep", "release"},
		{"too late a keep", "secret", "U0HIRO", "keep", "hiro", now, http.StatusOK, "keep", "release"},
	} {
		before := len(log)
		rec := httptest.NewRecorder()
		door.Handler().ServeHTTP(rec, notifytest.Click(c.secret, clicked(c.member, c.choice, ids[c.of]), c.at))
		all, err := folder.About(cost.KeepKind)
		if err != nil {
			t.Fatal(err)
		}
		said := cost.Rulings(all)
		if aya, hiro := said["ws-aya000000"].Answer, said["ws-hiro00000"].Answer; rec.Code != c.code || aya != c.aya || hiro != c.hiro {
			t.Errorf("%s: want %d, %q and %q, got %d, %q and %q", c.name, c.code, c.aya, c.hiro, rec.Code, aya, hiro)
		}
		if len(log) == before {
			t.Errorf("%s: want a word in the log", c.name)
		}
	}
}
