package morning

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
)

func TestEvening(t *testing.T) {
	for _, row := range []struct{ name, now, want string }{
		{"in the morning it is yesterday's", "08:00:00", "2026-11-23T18:00:00+09:00"},
		{"after midnight too", "00:10:00", "2026-11-23T18:00:00+09:00"},
		{"in the evening it is still yesterday's", "19:00:00", "2026-11-23T18:00:00+09:00"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := evening(at(row.now), tokyo).Format(time.RFC3339); got != row.want {
				t.Errorf("want %s, got %s", row.want, got)
			}
		})
	}
}

func TestWrongUse(t *testing.T) {
	for _, row := range []struct {
		name string
		args []string
		want string
	}{
		{"an argument", []string{"now"}, `unknown argument "now"`},
		{"an unknown flag", []string{"--fixit"}, "unknown flag"},
		{"a language that is not spoken", []string{"--lang", "fr"}, "want ja or en"},
		{"yes to no question", []string{"--yes"}, "go with --fix"},
		{"anyway without a repair", []string{"--anyway"}, "go with --fix"},
		{"a time that is none", []string{"--since", "soon"}, "--since"},
		{"no time to wait", []string{"--fix", "--timeout", "0s"}, "above zero"},
	} {
		t.Run(row.name, func(t *testing.T) {
			code, out, errs := runCommand(t, row.args...)
			if code != 2 || out != "" || !strings.Contains(errs, row.want) {
				t.Errorf("want exit 2 and %q, got %d, %q, %q", row.want, code, out, errs)
			}
		})
	}
}

func TestPolicyNeedsNoAccount(t *testing.T) {
	t.Setenv("AWS_REGION", "")
	code, out, _ := runCommand(t, "--policy")
	if code != 0 || out != readPolicy() {
		t.Errorf("want the check's policy, got %d, %s", code, out)
	}
	if code, out, _ = runCommand(t, "--policy", "--fix"); code != 0 || out != applyPolicy() {
		t.Errorf("want the repair's policy, got %d, %s", code, out)
	}
}

func runCommand(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := Command(account.World{Getenv: os.Getenv, Clock: clock.Real{}, Location: time.UTC})
	cmd.SetArgs(append([]string{}, args...)) // nil would mean the test's own
	cmd.SetOut(&out)
	cmd.SetErr(&errs)
	cmd.SetIn(strings.NewReader(""))
	if err := cmd.ExecuteContext(t.Context()); err != nil {
		errs.WriteString(err.Error())
		code = 1
		if coded, ok := err.(interface{ ExitCode() int }); ok {
			code = coded.ExitCode()
		}
	}
	return code, out.String(), errs.String()
}
