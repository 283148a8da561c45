package notice

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"tamachi/internal/clock"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
	"tamachi/internal/notify"
)

// TestMain lets the test run itself as the process that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("NOTICE_STATE"); dir != "" {
		os.Exit(child(dir))
	}
	os.Exit(m.Run())
}

// box is a mailbox on disk, whose server kills the sender at one of the points
// before and after it takes a letter.
type box struct {
	path string
	at   int
}

func (b *box) Send(_ context.Context, n notify.Notice) error {
	b.point()
	f, err := os.OpenFile(b.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	fmt.Fprintln(f, n.ID, n.Subject)
	if err := f.Close(); err != nil {
		return err
	}
	b.point()
	return nil
}

func (b *box) point() {
	if b.at--; b.at == 0 {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

// child says three posts to two people each.
func child(dir string) int {
	at, _ := strconv.Atoi(os.Getenv("NOTICE_KILLED_AT"))
	conf, err := settings.Read(strings.NewReader("people: {suzuki: {mail: suzuki@example.com}, sato: {mail: sato@example.com}}\nquiet: {from: \"00:00\", to: \"00:00\"}\n"))
	if err != nil {
		return 1
	}
	s, err := shelf.In(func(string) string { return dir })
	if err != nil {
		return 1
	}
	if os.Getenv("NOTICE_FORGETS") != "" {
		d := &Desk{Shelf: s, Clock: clock.NewFrozen(day)}
		for {
			if _, err := d.forget(context.Background()); err != nil {
				return 1
			}
			fmt.Print(".")
		}
	}
	d := &Desk{Settings: conf, Senders: Senders{Mail: &box{filepath.Join(dir, "box"), at}}, Shelf: s, Clock: clock.NewFrozen(day)}
	for _, id := range []string{"1", "2", "3"} {
		p := notify.Post{ID: id, To: []string{"suzuki", "sato"}, What: [2]string{"post " + id, "お知らせ " + id}}
		if err := d.Send(context.Background(), p); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return 0
}

// TestPostsSurviveKill kills the sender before and after each letter, and runs it
// again. Nothing is lost; twice comes only the letter that the server had taken
// when the sender died, under the same id.
func TestPostsSurviveKill(t *testing.T) {
	for _, at := range []int{1, 2, 3, 4, 12} { // two a letter: the first reader's, the second's, the last
		dir := t.TempDir()
		run := func(at int) error {
			c := exec.Command(os.Args[0])
			c.Env = append(os.Environ(), "NOTICE_STATE="+dir, "NOTICE_KILLED_AT="+strconv.Itoa(at))
			return c.Run()
		}
		if err := run(at); err == nil {
			t.Fatalf("want a kill at point %d", at)
		}
		if err := run(0); err != nil {
			t.Fatalf("after a kill at point %d: %v", at, err)
		}
		b, err := os.ReadFile(filepath.Join(dir, "box"))
		if err != nil {
			t.Fatal(err)
		}
		letters := map[string]int{}
		for line := range strings.Lines(string(b)) {
			letters[line]++
		}
		twice := 0
		for _, n := range letters {
			twice += n - 1
		}
		if len(letters) != 6 || twice != (at+1)%2 {
			t.Errorf("after a kill at point %d: want six letters, %d of them twice, got %v", at, (at+1)%2, letters)
		}
	}
}
