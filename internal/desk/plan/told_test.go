package plan

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tamachi/internal/desk/account"
	"tamachi/internal/notify"
)

// TestPeopleAreTold applies a plan in two runs: each person hears of each change
// once, and of nothing that was so already or failed.
func TestPeopleAreTold(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "desk.yaml")
	if err := os.WriteFile(file, []byte("people: {yamada.taro: {mail: y@example.com}, sato: {mail: s@example.com}}\nchannels: {cost sweep: \"#vdi\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var posts []notify.Post
	d := &Desk{World: account.World{
		Getenv: func(k string) string { return map[string]string{"TAMACHI_DESK": file}[k] },
		Tell:   func(_ context.Context, p notify.Post) error { posts = append(posts, p); return nil },
	}}
	f := folderIn(t, dir)
	all := steps(t, "a", "there", "c", "nobodys", "refused")
	all[2].Owner, all[3].Owner = "Sato", "stranger"
	p := planOf(t, nil, all...)
	if err := f.Save(p); err != nil {
		t.Fatal(err)
	}
	w := &world{dir: t.TempDir(), refuse: map[string]string{"refused": "denied", "c": "denied"}}
	if err := os.WriteFile(filepath.Join(w.dir, "there"), []byte("new-there\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tell := func() []string {
		t.Helper()
		posts = nil
		before, err := f.Read(p.ID)
		if err != nil {
			t.Fatal(err)
		}
		r, err := run(t.Context(), f, w, p.ID, func(a *Apply) { a.Errors = 5 })
		if err != nil {
			t.Fatal(err)
		}
		if err := d.inform(t.Context(), r, before.changed()); err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, p := range posts {
			out = append(out, strings.Join(p.To, ",")+p.Topic+" "+p.What[0]+" | "+p.Why[0])
		}
		return out
	}
	want := "yamada.taro Done: add a line | end of the month\ncost sweep Done: add a line; add a line | end of the month"
	if got := strings.Join(tell(), "\n"); got != want {
		t.Errorf("want\n%s\ngot\n%s", want, got)
	}
	w.refuse = map[string]string{"refused": "denied"}
	want = "sato Done: add a line | end of the month\ncost sweep Done: add a line | end of the month"
	if got := strings.Join(tell(), "\n"); got != want {
		t.Errorf("want\n%s\ngot\n%s", want, got)
	}
	if got := tell(); len(got) != 0 {
		t.Errorf("want nothing told twice, got %q", got)
	}
}
