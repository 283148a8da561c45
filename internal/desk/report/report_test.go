package report

import (
	"errors"
	"strings"
	"testing"
)

func TestMessageIn(t *testing.T) {
	m := Message{En: "{n} {n|desktop|desktops}: {users}", Ja: "デスクトップ {n} 台: {users}"}
	for _, row := range []struct {
		name string
		lang Lang
		args []any
		want string
	}{
		{"one takes the singular", English, []any{"n", 1, "users", "a"}, "1 desktop: a"},
		{"several take the plural", English, []any{"n", 2, "users", "a, b"}, "2 desktops: a, b"},
		{"none takes the plural", English, []any{"n", 0, "users", ""}, "0 desktops: "},
		{"Japanese has no plural", Japanese, []any{"n", 2, "users", "a"}, "デスクトップ 2 台: a"},
		{"a value may hold braces", English, []any{"n", 1, "users", "{n}"}, "1 desktop: {n}"},
		{"a missing value stays visible", English, []any{"n", 1}, "1 desktop: {users}"},
		{"terminal escapes are made harmless", English, []any{"n", 1, "users", "\x1b[2Ja\nb\u202e"}, "1 desktop: ?[2Ja b?"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := m.In(row.lang, row.args...); got != row.want {
				t.Errorf("want %q, got %q", row.want, got)
			}
		})
	}
}

func TestGapsAreFound(t *testing.T) {
	got := Gaps(struct{ Good, Half, Differ Message }{
		Good:   Message{En: "{a} {b|x|y}", Ja: "{b} {a}"},
		Half:   Message{En: "x"},
		Differ: Message{En: "{a}", Ja: "{b}"},
	})
	if len(got) != 2 || !strings.HasPrefix(got[0], "Half:") || !strings.HasPrefix(got[1], "Differ:") {
		t.Errorf("want gaps of Half and Differ, got %q", got)
	}
}

func TestLanguage(t *testing.T) {
	for _, row := range []struct {
		name string
		env  map[string]string
		want Lang
	}{
		{"nothing set is English", nil, English},
		{"LANG decides alone", map[string]string{"LANG": "ja_JP.UTF-8"}, Japanese},
		{"LC_ALL wins over LANG", map[string]string{"LANG": "ja_JP.UTF-8", "LC_ALL": "C.UTF-8"}, English},
		{"a Javanese locale is not Japanese", map[string]string{"LANG": "jav_ID"}, English},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := Language(func(k string) string { return row.env[k] }); got != row.want {
				t.Errorf("want %s, got %s", row.want, got)
			}
		})
	}
	if _, err := ParseLang("fr"); err == nil {
		t.Error("want an error for a language the desk does not speak")
	}
	if l, err := ParseLang("JA"); err != nil || l != Japanese {
		t.Errorf("want ja, got %s, %v", l, err)
	}
}

func TestTableLinesUp(t *testing.T) {
	var b strings.Builder
	table := Table{
		Header: []string{"利用者", "state", "x"},
		Rows:   [][]string{{"a", "ERROR", "1"}, {"山田太郎", "異常", "2"}},
	}
	if err := table.Write(&b, "  "); err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitSeq(strings.TrimSuffix(b.String(), "\n"), "\n")
	for line := range lines {
		last := line[strings.LastIndexByte(line, ' ')+1:]
		if got := Width(strings.TrimSuffix(line, last)); got != 2+8+2+5+2 {
			t.Errorf("want the last column at 19, got %d in %q", got, line)
		}
	}
}

func TestWidth(t *testing.T) {
	for s, want := range map[string]int{"abc": 3, "あ": 2, "ｱ": 1, "Ａ": 2, "e\u0301": 1, "한": 2, "—": 1} {
		if got := Width(s); got != want {
			t.Errorf("%q: want %d columns, got %d", s, want, got)
		}
	}
}

func FuzzMessage(f *testing.F) {
	f.Add("{n|a|b} {", "x")
	f.Add("}{", "\x1b")
	f.Fuzz(func(t *testing.T, text, value string) {
		got := Message{En: text}.In(English, "v", value)
		if !strings.ContainsAny(text, "\x1b") && strings.Contains(got, "\x1b") {
			t.Errorf("an escape came through: %q", got)
		}
	})
}

func TestExit(t *testing.T) {
	inner := errors.New("no")
	var e error = &Exit{Code: Misuse, Err: inner}
	if !errors.Is(e, inner) || e.Error() != "no" {
		t.Errorf("want the inner error, got %v", e)
	}
	if got := (&Exit{Code: Found}).Error(); got != "" {
		t.Errorf("want nothing to say, got %q", got)
	}
}
