package recorded

import "testing"

func TestAScriptThatIsNotWholeIsSeen(t *testing.T) {
	for _, good := range []string{
		"", `'it''s ( here'; "a $(if ($b) { ")" } else { 'c}' }) d"`, "@{ a = @(1, 2)[0] } # ) }\n(1)", "\"`\" (\"", "`(", `$x -match '\\TEMP(\.[^\\]+)?$'`,
	} {
		if err := whole(good); err != nil {
			t.Errorf("%s: want it whole, got %v", good, err)
		}
	}
	for _, bad := range []string{"(", ")", "({)}", `"a $(b" `, "'a", `"a`, `"a $("b)"`, "if ($a { 'x' }", "& {\n", `"$(`} {
		if whole(bad) == nil {
			t.Errorf("%s: want it refused", bad)
		}
	}
}

func FuzzWhole(f *testing.F) {
	f.Add("\"a $(b) `")
	f.Add("'a''b' { # c\n}")
	f.Fuzz(func(t *testing.T, script string) {
		if whole(script) == nil && whole("{ "+script+"\n}") != nil {
			t.Errorf("%q is whole, and is not within brackets", script)
		}
	})
}
