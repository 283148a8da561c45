package cost

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
)

// command runs "tamachi cost" with an environment of its own.
func command(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	home := t.TempDir()
	var out, errs bytes.Buffer
	getenv := func(k string) string { return map[string]string{"HOME": home}[k] }
	c := Command(account.World{Getenv: getenv, Clock: clock.NewFrozen(noon), Location: time.UTC}, change.Actions())
	c.SetArgs(args)
	c.SetOut(&out)
	c.SetErr(&errs)
	c.SetIn(strings.NewReader(""))
	if err := c.ExecuteContext(t.Context()); err != nil {
		errs.WriteString(err.Error())
		code = err.(interface{ ExitCode() int }).ExitCode() //nolint:forcetypeassert // a command's errors are *report.Exit
	}
	return code, out.String(), errs.String()
}

func TestWhatIf(t *testing.T) {
	file := filepath.Join(t.TempDir(), "prices.json")
	if err := os.WriteFile(file, []byte(madeUp), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name string
		args []string
		code int
		want []string
	}{
		{"few hours", []string{"--seats", "20", "--hours", "40"}, 0, []string{
			"ALWAYS_ON  600.00 USD a month", "AUTO_STOP  320.00 USD a month (120.00 if nobody comes)",
			"AUTO_STOP is cheaper by 280.00 USD; both cost the same at 96.0 h", "(a test, 2026-11-22)",
		}},
		{"many hours", []string{"--seats", "2", "--hours", "200"}, 0, []string{"ALWAYS_ON is cheaper by 52.00 USD"}},
		{"in Japanese", []string{"--lang", "ja"}, 0, []string{"1 席 STANDARD", "損益分岐は 96.0 時間"}},
		{"for programs", []string{"--json"}, 0, []string{`"breakEvenHours": "96.0"`, `"autoStop": "46.00"`}},
		{"a bundle without a price", []string{"--bundle", "graphics_g4dn"}, 1, []string{"has not all prices of GRAPHICS_G4DN"}},
		{"more hours than a month has", []string{"--hours", "800"}, 2, []string{"--hours 0 to 744"}},
		{"a system that the file does not know", []string{"--os", "BeOS"}, 2, []string{"want one of the file's: Windows"}},
	} {
		code, out, errs := command(t, append([]string{"whatif", "--prices", file}, row.args...)...)
		for _, want := range row.want {
			if code != row.code || !strings.Contains(out+errs, want) {
				t.Errorf("%s: want exit %d and %q, got %d\n%s%s", row.name, row.code, want, code, out, errs)
			}
		}
	}
	if code, _, errs := command(t, "whatif"); code != 2 || !strings.Contains(errs, "no price is built in") {
		t.Errorf("want prices asked for, got %d %s", code, errs)
	}
	for _, args := range [][]string{{"sweep", "--yes"}, {"sweep", "--auto-stop-minutes", "90"}, {"sweep", "x"}, {"sweep", "--hr", "/nowhere.csv"}, {"sweep", "--lang", "fr"}} {
		if code, _, errs := command(t, args...); code != 2 || errs == "" {
			t.Errorf("%v: want wrong use, got %d %s", args, code, errs)
		}
	}
}
