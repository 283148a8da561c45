package spelling

import (
	"slices"
	"testing"
)

func TestWhoWasMeant(t *testing.T) {
	names := []string{"takeda.haneko", "takeda.kazuo", "shibata.ryou", "ono.yuuki", "yamada.taro", "fujita.kouhei"}
	rows := []struct{ name, asked, want string }{
		{"one letter is another", "takeda.hanako", "takeda.haneko"},
		{"two letters changed places", "yaamda.taro", "yamada.taro"},
		{"a letter is missing", "fujita.kohei", "fujita.kouhei"},
		{"a long vowel is written out", "yamada.tarou", "yamada.taro"},
		{"Kunrei instead of Hepburn", "sibata.ryo", "shibata.ryou"},
		{"hiragana", "たけだ.はねこ", "takeda.haneko"},
		{"katakana with a long vowel and a small letter", "シバタ・リョー", "shibata.ryou"},
		{"the other name first", "taro.yamada", "yamada.taro"},
		{"no punctuation", "onoyuki", "ono.yuuki"},
		{"somebody else", "suzuki.ichiro", ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := ""
			if all := Near(row.asked, names); len(all) > 0 {
				got = all[0]
			}
			if got != row.want {
				t.Errorf("%s: want %q, got %q", row.asked, row.want, got)
			}
		})
	}
}

func FuzzNear(f *testing.F) {
	f.Add("takeda.hanako", "takeda.haneko")
	f.Add("っ", "ー")
	f.Add("たっけだ\xff", "きゃゃ")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := folded(a), folded(b)
		if d := distance(x, y); d != distance(y, x) || d > max(len(x), len(y)) || (d == 0) != slices.Equal(x, y) {
			t.Errorf("%q, %q: %d is no distance", a, b, d)
		}
		Near(a, []string{b})
	})
}

func TestSoundsAndAccounts(t *testing.T) {
	for _, row := range []struct {
		name, a, b string
		want       bool
	}{
		{"kana and an account", "たけだ はなこ", "takeda.hanako", true},
		{"the slip of the story", "たけだ はなこ", "takeda.haneko", false},
		{"the given name first", "たけだ はなこ", "hanako.takeda", true},
		{"a long vowel", "フジタ コウヘイ", "fujita.kohei", true},
		{"m before b, as passports write it", "なんば けんじ", "namba.kenji", true},
		{"nothing is like nothing", "", "", false},
	} {
		if got := Same(row.a, row.b); got != row.want {
			t.Errorf("%s: want %t, got %t", row.name, row.want, got)
		}
	}
	for kana, want := range map[string]string{
		"たけだ": "takeda", "シバタ": "shibata", "りょう": "ryo", "はっちょう": "hatcho", "つじ": "tsuji", "Suzuki": "suzuki", "武田": "", "": "",
	} {
		if got := Latin(kana); got != want {
			t.Errorf("%s: want %q, got %q", kana, want, got)
		}
	}
}
