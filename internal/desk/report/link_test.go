package report

import (
	"io"
	"os"
	"strings"
	"testing"
)

func TestLinksAreOfWholeWords(t *testing.T) {
	l := Links{}
	l.Add("ws-1a2b3c4d5", "http://plane/desktops/ws-1a2b3c4d5")
	l.Add("suzuki", "http://plane/desktops/ws-1")
	l.Add("suzuki.taro", "http://plane/desktops/ws-2")
	l.Add("suzuki", "http://plane/other")
	l.Add("田中", "http://plane/desktops/ws-3")
	l.Add("disk full", "http://plane/alarms?alarm=disk+full")
	l.Add("nobody", "")
	for _, row := range []struct{ text, want string }{
		{"desktop ws-1a2b3c4d5 of suzuki", "desktop [http://plane/desktops/ws-1a2b3c4d5 ws-1a2b3c4d5] of [http://plane/desktops/ws-1 suzuki]"},
		{"suzuki.taro, suzuki.", "[http://plane/desktops/ws-2 suzuki.taro], [http://plane/desktops/ws-1 suzuki]."},
		{"suzukida, mysuzuki, suzuki-k, a.suzuki", "suzukida, mysuzuki, suzuki-k, a.suzuki"},
		{"suzukiさんと田中さん", "[http://plane/desktops/ws-1 suzuki]さんと[http://plane/desktops/ws-3 田中]さん"},
		{"  disk full: CPU", "  [http://plane/alarms?alarm=disk+full disk full]: CPU"},
		{"nobody \xff suzuki", "nobody \xff [http://plane/desktops/ws-1 suzuki]"},
	} {
		got := l.In(row.text)
		plain := strings.NewReplacer("\x1b]8;;\x1b\\", "]", "\x1b]8;;", "[", "\x1b\\", " ").Replace(got)
		if plain != row.want {
			t.Errorf("%q: want %q, got %q", row.text, row.want, plain)
		}
	}
	if got := (Links{"a": "http://x/\x1b]0;evil\x07 é"}).In("a"); strings.Count(got, "\x1b") != 4 || strings.Contains(got, "\x07") {
		t.Errorf("want an address of printable characters, got %q", got)
	}
}

func TestOnlyTerminalsHaveLinks(t *testing.T) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, row := range []struct {
		name string
		to   io.Writer
		term string
		want bool
	}{
		{"a device", null, "xterm-256color", true},
		{"a device that knows nothing", null, "dumb", false},
		{"the Linux console", null, "linux", false},
		{"a device of unknown kind", null, "", false},
		{"a file", file, "xterm-256color", false},
		{"memory", &strings.Builder{}, "xterm-256color", false},
	} {
		if got := Clickable(row.to, func(string) string { return row.term }); got != row.want {
			t.Errorf("%s: want %t, got %t", row.name, row.want, got)
		}
	}
}
