package question

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/shelf"
	"tamachi/internal/notify"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func keep() Question {
	return Question{
		Kind: "cost keep", Subject: "ws-1", Key: "2026-11", Person: "suzuki", Expires: noon.Add(72 * time.Hour),
		What: [2]string{"Is ws-1 <needed>?", "ws-1 は必要ですか"}, Why: [2]string{"nobody logged in for 40 days", "40 日間ログインなし"},
		Choices: []Choice{
			{Value: "keep", Label: [2]string{"Keep it", "残す"}, Reason: true},
			{Value: "release", Label: [2]string{"Give it back", "返却する"}, Danger: true},
		},
	}
}

func shelfIn(t *testing.T, dir string) shelf.Shelf {
	t.Helper()
	return shelfOf(dir)
}

func shelfOf(dir string) shelf.Shelf {
	s, err := shelf.In(func(string) string { return dir })
	if err != nil {
		panic(err)
	}
	return s
}

func deskIn(t *testing.T, c clock.Clock) *Desk {
	t.Helper()
	return &Desk{Folder: In(shelfIn(t, t.TempDir())), Clock: c, Log: func(string) {}}
}

func TestAnAnswerCountsOnce(t *testing.T) {
	d := deskIn(t, clock.NewFrozen(noon))
	r, err := d.Folder.Save(keep(), noon)
	if err != nil {
		t.Fatal(err)
	}
	id := r.Question.ID
	release := Answer{Choice: "release", Via: Link, By: "suzuki@example.com"}
	rows := []struct {
		name, id, person string
		answer           Answer
		want             error
	}{
		{"a question that there is not", "q-0000000000000000", "suzuki", release, ErrUnknown},
		{"an id that is a path", "../x", "suzuki", release, ErrUnknown},
		{"another person", id, "sato", release, ErrForeign},
		{"nobody that is known", id, "", release, ErrForeign},
		{"an answer that there is not", id, "suzuki", Answer{Choice: "burn"}, ErrChoice},
		{"no answer", id, "suzuki", Answer{}, ErrChoice},
		{"no reason where one is wanted", id, "suzuki", Answer{Choice: "keep"}, ErrReason},
		{"a reason without end", id, "suzuki", Answer{Choice: "keep", Reason: strings.Repeat("あ", 1001)}, ErrReason},
		{"a good one", id, "suzuki", release, nil},
		{"the same again", id, "suzuki", release, ErrAnswered},
		{"another mind", id, "suzuki", Answer{Choice: "keep", Reason: "tax forms"}, ErrAnswered},
	}
	for _, row := range rows {
		if _, err := d.Answer(t.Context(), row.id, row.person, row.answer); !errors.Is(err, row.want) {
			t.Errorf("%s: want %v, got %v", row.name, row.want, err)
		}
	}
	again, err := d.Folder.Save(keep(), noon.Add(time.Hour))
	if err != nil || again.Answer == nil || again.Answer.Choice != "release" {
		t.Errorf("want the question asked again to be the same, answered; got %+v, %v", again, err)
	}
	all, err := d.Folder.About("cost keep")
	if err != nil || len(all) != 1 || all[0].Answer.By != "suzuki@example.com" {
		t.Errorf("want the answer for the duty, got %+v, %v", all, err)
	}
	if other, err := d.Folder.About("approval"); err != nil || len(other) != 0 {
		t.Errorf("want nothing of another kind, got %+v, %v", other, err)
	}
}

func TestAnAnswerThatComesTooLate(t *testing.T) {
	d := deskIn(t, clock.NewFrozen(noon.Add(72*time.Hour)))
	r, err := d.Folder.Save(keep(), noon)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Answer(t.Context(), r.Question.ID, "suzuki", Answer{Choice: "release"}); !errors.Is(err, ErrExpired) {
		t.Errorf("want ErrExpired, got %v", err)
	}
}

// TestManyAtOnce sends the same answer from many sides at the same moment.
func TestManyAtOnce(t *testing.T) {
	d := deskIn(t, clock.NewFrozen(noon))
	r, err := d.Folder.Save(keep(), noon)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	taken, counted := 0, 0 // guarded by mu
	d.Takers = Takers{"cost keep": {Take: func(context.Context, *Question, Answer) error {
		mu.Lock()
		defer mu.Unlock()
		taken++
		return nil
	}}}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			_, err := d.Answer(t.Context(), r.Question.ID, "suzuki", Answer{Choice: "release"})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				counted++
			} else if !errors.Is(err, ErrAnswered) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if taken != 1 || counted != 1 {
		t.Errorf("want one taken and one counted, got %d and %d", taken, counted)
	}
}

func TestWhatFollowsFromAnAnswer(t *testing.T) {
	var log []string
	d := deskIn(t, clock.NewFrozen(noon))
	d.Log = func(s string) { log = append(log, s) }
	no := &Refused{[2]string{"it is gone", "もうありません"}}
	var answer error = no
	d.Takers = Takers{"cost keep": {
		Take:  func(context.Context, *Question, Answer) error { return answer },
		After: func(context.Context, *Question) error { return errors.New("nobody could be told") },
	}}
	r, err := d.Folder.Save(keep(), noon)
	if err != nil {
		t.Fatal(err)
	}
	release := func() error {
		_, err := d.Answer(t.Context(), r.Question.ID, "suzuki", Answer{Choice: "release"})
		return err
	}
	if err := release(); !errors.Is(err, no) {
		t.Errorf("want the duty's no, got %v", err)
	}
	if got, known := Explain(no, report.Japanese); got != "もうありません" || !known {
		t.Errorf("want the duty's words, got %q", got)
	}
	if got, err := d.Folder.Read(r.Question.ID); err != nil || got.Answer != nil {
		t.Errorf("want nothing kept, got %+v, %v", got, err)
	}
	answer = nil
	if err := release(); err != nil {
		t.Errorf("want it counted whoever could not be told, got %v", err)
	}
	if all := strings.Join(log, "\n"); !strings.Contains(all, "suzuki: release") || !strings.Contains(all, "nobody could be told") {
		t.Errorf("want the answer and the trouble in the log, got %s", all)
	}
}

func TestAskWritesToThePersonOnce(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "desk.yaml")
	if err := os.WriteFile(path, []byte("people: {suzuki: {mail: suzuki@example.com}}\nanswers: {url: \"https://desk.example.com/t/\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"XDG_STATE_HOME": dir, "TAMACHI_DESK": path}
	var posts []notify.Post
	w := account.World{
		Getenv: func(k string) string { return env[k] }, Clock: clock.NewFrozen(noon), Rand: strings.NewReader(strings.Repeat("k", 32)), Location: time.UTC,
		Tell: func(_ context.Context, p notify.Post) error { posts = append(posts, p); return nil },
	}
	q := keep()
	q.CLI = "tamachi cost answer"
	r, err := Ask(t.Context(), w, q)
	if err != nil || len(posts) != 1 {
		t.Fatalf("want one post, got %d, %v", len(posts), err)
	}
	p := posts[0]
	if !strings.HasPrefix(p.Link, "https://desk.example.com/t/q/"+r.Question.ID+".") || len(p.To) != 1 || p.To[0] != "suzuki" {
		t.Errorf("want the link for suzuki, got %+v", p)
	}
	id, choice, ok := Clicked(notify.Click{Action: p.Buttons[1].Action, Value: p.Buttons[1].Value})
	if id != r.Question.ID || choice != "release" || !ok {
		t.Errorf("want the click to be the question's, got %q %q %t", id, choice, ok)
	}
	again, err := Ask(t.Context(), w, q) // whoever tells says the same post once
	if err != nil || again.Question.ID != r.Question.ID || posts[1].ID != p.ID || posts[1].Link != p.Link {
		t.Errorf("want the same again, got %+v, %v", posts, err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "tamachi", "desk", "questions", "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("want one file, got %v, %v", files, err)
	}
	kept, err := os.ReadFile(files[0])
	if err != nil || strings.Contains(string(kept), p.Link[strings.LastIndex(p.Link, ".")+1:]) {
		t.Errorf("want no token in the file, got %s, %v", kept, err)
	}
	for _, bad := range []func(*Question){
		func(q *Question) { q.Person = "" },
		func(q *Question) { q.Choices = nil },
		func(q *Question) { q.Choices[0].Value = "Keep it" },
		func(q *Question) { q.What[1] = "" },
		func(q *Question) { q.Expires = noon },
	} {
		q := keep()
		bad(&q)
		if _, err := Ask(t.Context(), w, q); err == nil {
			t.Errorf("want it refused: %+v", q)
		}
	}
}

func TestMessagesAreWhole(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}
