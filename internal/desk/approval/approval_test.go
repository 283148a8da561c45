package approval

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
)

var noon = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)

const people = `
people:
  tanabe: {aws: ["arn:aws:iam::*:user/tanabe"]}
  suzuki: {aws: ["arn:aws:iam::*:user/suzuki"]}
  ito: {}
  sato: {}
  mori: {}
groups: {general-affairs: [suzuki, ito], security: [sato, mori, suzuki, tanabe]}
approvals:
  printing exception:
    reason: true
    expires: 72h
    stages: [{name: general affairs, of: [general-affairs]}, {name: security, of: [security], need: 2}]
`

func request(t *testing.T, change func(*Request)) (Folder, *Request) {
	t.Helper()
	s, err := settings.Read(strings.NewReader(people))
	if err != nil {
		t.Fatal(err)
	}
	in := Request{
		Subject: "plan p-0123456789", Digest: "0123", Duty: "printing exception", Title: Title{"printing for yamada.taro", "yamada.taro の印刷許可"},
		By: "arn:aws:iam::123456789012:user/tanabe", For: []string{"mori"}, Reason: "the tax forms", Evidence: json.RawMessage(`{"rule":"dp-1"}`),
	}
	if change != nil {
		change(&in)
	}
	rule, _ := s.Approval(in.Duty, 1)
	r, err := New(in, rule, s, noon)
	if err != nil {
		t.Fatal(err)
	}
	shelves, err := shelf.In(func(string) string { return t.TempDir() })
	if err != nil {
		t.Fatal(err)
	}
	f := In(shelves)
	if err := f.Save(r); err != nil {
		t.Fatal(err)
	}
	return f, r
}

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}

func TestVotes(t *testing.T) {
	yes := func(person string) Vote { return Vote{Person: person, By: person, Via: CLI, Agree: true} }
	no := func(person string) Vote { return Vote{Person: person, By: person, Via: Slack, Reason: "not now"} }
	rows := []struct {
		name  string
		votes []Vote
		at    time.Time
		err   error // of the last vote
		want  State
	}{
		{"nobody has voted", nil, noon, nil, Pending},
		{"the first stage alone is not enough", []Vote{yes("ito")}, noon, nil, Pending},
		{"one of two at the second stage", []Vote{yes("ito"), yes("sato")}, noon, nil, Pending},
		{"both stages", []Vote{yes("ito"), yes("sato"), yes("suzuki")}, noon, nil, Approved},
		{"the second stage before the first", []Vote{yes("sato")}, noon, ErrNotAsked, Pending},
		{"one person in both stages", []Vote{yes("suzuki"), yes("suzuki")}, noon, ErrTwice, Pending},
		{"who asked votes", []Vote{yes("ito"), yes("tanabe")}, noon, ErrSelf, Pending},
		{"whom it is for votes", []Vote{yes("ito"), yes("mori")}, noon, ErrSelf, Pending},
		{"somebody whom nobody knows", []Vote{yes("")}, noon, ErrNobody, Pending},
		{"the requester's own credentials under another name", []Vote{{Person: "ito", By: "arn:aws:iam::123456789012:user/tanabe", Agree: true}}, noon, ErrSelf, Pending},
		{"one no is enough", []Vote{yes("ito"), no("sato")}, noon, nil, Rejected},
		{"a no without a reason", []Vote{{Person: "ito", By: "ito"}}, noon, ErrReason, Pending},
		{"after a no", []Vote{no("ito"), yes("suzuki")}, noon, ErrClosed, Rejected},
		{"after it was agreed to", []Vote{yes("ito"), yes("sato"), yes("suzuki"), {Person: "x", By: "x", Agree: true}}, noon, ErrClosed, Approved},
		{"a vote on the last second", []Vote{yes("ito")}, noon.Add(72*time.Hour - time.Second), nil, Pending},
		{"a vote too late", []Vote{yes("ito")}, noon.Add(72 * time.Hour), ErrExpired, Expired},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			f, q := request(t, nil)
			var err error
			for _, v := range r.votes {
				_, err = f.Decide(q.ID, v, r.at)
			}
			if !errors.Is(err, r.err) {
				t.Errorf("want %v, got %v", r.err, err)
			}
			kept, err := f.Of("0123")
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := kept.State(r.at); got != r.want {
				t.Errorf("want %s, got %s", r.want, got)
			}
		})
	}
}

func TestAgreementExpires(t *testing.T) {
	f, q := request(t, nil)
	for _, p := range []string{"ito", "sato", "suzuki"} {
		if _, err := f.Decide(q.ID, Vote{Person: p, By: p, Agree: true}, noon); err != nil {
			t.Fatal(err)
		}
	}
	r, err := f.Read(q.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := r.State(noon.Add(73 * time.Hour)); got != Expired {
		t.Errorf("want what was agreed to days ago not to hold for ever, got %s", got)
	}
}

func TestRequestsThatCannotBe(t *testing.T) {
	s, err := settings.Read(strings.NewReader(people))
	if err != nil {
		t.Fatal(err)
	}
	good := Request{Subject: "plan", Digest: "d", By: "arn:aws:iam::1:user/suzuki", Reason: "r"}
	rule := s.Approvals["printing exception"]
	rows := []struct {
		name   string
		change func(*Request)
	}{
		{"no reason where one is wanted", func(r *Request) { r.Reason = "" }},
		{"no digest", func(r *Request) { r.Digest = "" }},
		{"too few are left at a stage", func(r *Request) { r.For = []string{"sato", "mori", "tanabe"} }},
		{"too few people for all stages together", func(r *Request) { r.By, r.For = "arn:x", []string{"ito", "sato", "mori"} }},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r := good
			row.change(&r)
			if _, err := New(r, rule, s, noon); err == nil {
				t.Error("want it refused")
			}
		})
	}
}

// TestVotesAtTheSameTime lets both click at once: each counts once, or is told
// that somebody is at it.
func TestVotesAtTheSameTime(t *testing.T) {
	f, q := request(t, nil)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, _ = f.Decide(q.ID, Vote{Person: "ito", By: "ito", Agree: true}, noon) // the file is what counts
		})
	}
	wg.Wait()
	r, err := f.Read(q.ID)
	if err != nil || len(r.Votes) != 1 {
		t.Errorf("want one vote, got %+v, %v", r.Votes, err)
	}
}

func TestATornVoteDoesNotCount(t *testing.T) {
	f, q := request(t, nil)
	if _, err := f.Decide(q.ID, Vote{Person: "ito", By: "ito", Agree: true}, noon); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(f.Dir, q.ID+".jsonl")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, whole[:len(whole)-3], 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := f.Decide(q.ID, Vote{Person: "suzuki", By: "suzuki", Agree: true}, noon)
	if err != nil || len(r.Votes) != 1 || r.Votes[0].Person != "suzuki" {
		t.Errorf("want the torn vote gone and the next counted, got %+v, %v", r, err)
	}
}

func TestWrite(t *testing.T) {
	f, q := request(t, nil)
	r, err := f.Decide(q.ID, Vote{Person: "ito", By: "ito", Via: Link, Agree: true, Reason: "fine\x1b[1m"}, noon)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, l := range []report.Lang{report.English, report.Japanese} {
		if err := r.Write(&b, l, time.UTC, noon); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"agreed: ito on 2026-11-23 03:00 by link fine?[1m", "waits for sato, suzuki", "stage 2 security: 2 of mori, sato, suzuki, tanabe", "sato, suzuki の承認待ち", "根拠: {\"rule\":\"dp-1\"}"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("want %q in\n%s", want, b.String())
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{"request":{"id":"a-0123456789","digest":"d","stages":[{"of":["a"],"need":1}]}}` + "\n" + `{"vote":{"person":"a","agree":true}}`)
	f.Add(`{"request":{"id":"a-0123456789","digest":"d","stages":[{}]}}` + "\n" + `{"vote":{"stage":-1}}` + "\n" + `{"vote":{"agree":true}}`)
	f.Fuzz(func(t *testing.T, file string) {
		var lines [][]byte
		for l := range strings.SplitSeq(file, "\n") {
			lines = append(lines, []byte(l))
		}
		r, err := parse("a-0123456789", lines)
		if err != nil {
			return
		}
		r.State(noon)
		r.Asked(noon)
	})
}
