package report

import (
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"a line that fits", "3 desktops\n", "3 desktops\n"},
		{"words", "reboot the desktop of yamada.taro now\n", "reboot the desktop\n    of yamada.taro\n    now\n"},
		{
			"a row of a table", "  #  WHERE         WHAT                 STATE\n  1  ws-8xk2vm4d1  reboot it, at once   done\n",
			"  #  WHERE  WHAT\n      STATE\n  1  ws-8xk2vm4d1\n      reboot it, at\n      once  done\n",
		},
		{"Japanese", "山田太郎のデスクトップを再起動、利用中。\n", "山田太郎のデスクトッ\n    プを再起動、利用\n    中。\n"},
		{"what is pasted", "  aws workspaces describe-workspaces --workspace-ids ws-8xk2vm4d1\n", "  aws workspaces describe-workspaces --workspace-ids ws-8xk2vm4d1\n"},
		{"a word that never fits", "in arn:aws:iam::123456789012:user/tanabe here\n", "in arn:aws:iam::123456789012:user/tanabe\n    here\n"},
		{"a line that is not ended", "Apply this plan? [y/N] ", "Apply this plan?\n    [y/N]"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var out strings.Builder
			n, err := Fold(&out, 20).Write([]byte(row.text))
			if err != nil || n != len(row.text) || out.String() != row.want {
				t.Errorf("want\n%s\ngot\n%s%d of %d, %v", row.want, out.String(), n, len(row.text), err)
			}
		})
	}
}

// FuzzFold loses nothing but space, and keeps lines as narrow as their words let it.
func FuzzFold(f *testing.F) {
	f.Add("  1  ws-8xk2vm4d1  山田 太郎のデスクトップ、(停止)\n", 20)
	f.Add("a\n\n b", 1)
	f.Fuzz(func(t *testing.T, text string, columns int) {
		if columns < 1 || columns > 1000 || strings.ContainsAny(text, "\t\r\v\f\u00a0\u0085\u2028") {
			return
		}
		var out strings.Builder
		if _, err := Fold(&out, columns).Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		bare := func(s string) string {
			return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\n' }), "")
		}
		if bare(out.String()) != bare(text) {
			t.Errorf("want the same text, got %q of %q", out.String(), text)
		}
	})
}
