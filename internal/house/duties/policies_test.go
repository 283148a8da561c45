package duties

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
)

// larger is how the duty of slow desktops is asked for the policy of its change.
var larger = []string{"diagnose", "slow", "--policy", "--fix", "resize"}

// endings are commands with the policy of another, which runs both.
var endings = map[string]string{"exception end --policy": "exception grant --policy"} // TestExceptionsFromTheRequestToTheirEnd

// needless are commands that need no permission.
var needless = [][]string{{"cost", "whatif", "--policy"}, {"cost", "answer", "--policy"}}

// TestEachPolicyIsRunExactly finds every command that prints a policy, alone and
// with each change that it can make: a test runs it with that policy and nothing else.
func TestEachPolicyIsRunExactly(t *testing.T) {
	run := map[string]bool{}
	note := func(args []string) {
		run[key(args)] = true
	}
	f := &fleet{t: t, desktop: map[string]string{}, images: [2]string{"wsi-0123456789", "wsi-1123456789"}}
	for _, d := range reads {
		note(d.policy(d.args(f)))
	}
	for _, d := range applies {
		for _, args := range d.policy {
			note(args)
		}
	}
	for _, w := range wholes {
		for _, args := range w.policy {
			note(args)
		}
	}
	note(larger)
	for _, args := range needless {
		note(args)
	}
	found := 0
	for _, args := range asksForPolicies(t, desk{home: t.TempDir(), now: clock.Real{}}) {
		found++
		mine := printed(t, args)
		if other := endings[key(args)]; other != "" {
			if theirs := printed(t, strings.Fields(other)); len(mine.Statement) == 0 || !slices.EqualFunc(mine.Statement, theirs.Statement, sameStatement) || !run[other] {
				t.Errorf("want %s to print what %s prints, got %+v", key(args), other, mine)
			}
			continue
		}
		if !run[key(args)] {
			t.Errorf("%s prints a policy, and no test runs it with that alone: add a row", key(args))
		}
	}
	if found < len(reads) {
		t.Errorf("want every command found, got %d", found)
	}
}

// key is one text for the same words in whatever order.
func key(args []string) string {
	i := slices.IndexFunc(args, func(a string) bool { return strings.HasPrefix(a, "--") })
	options := strings.Fields(strings.ReplaceAll(" "+strings.Join(args[i:], " "), "--fix ", "--fix="))
	slices.Sort(options)
	slices.Reverse(options) // --policy first
	return strings.Join(append(slices.Clone(args[:i]), options...), " ")
}

// asksForPolicies are the ways of asking every command for a policy.
func asksForPolicies(t *testing.T, d desk) (out [][]string) {
	t.Helper()
	var walk func(c *cobra.Command, path []string)
	walk = func(c *cobra.Command, path []string) {
		for _, sub := range c.Commands() {
			walk(sub, append(slices.Clone(path), sub.Name()))
		}
		if c.Flags().Lookup("policy") == nil {
			return
		}
		ask := append(slices.Clone(path), "--policy")
		out = append(out, ask)
		if c.Flags().Lookup("apply") != nil {
			out = append(out, append(slices.Clone(ask), "--apply"))
		}
		switch fix := c.Flags().Lookup("fix"); {
		case fix == nil:
		case fix.Value.Type() == "bool":
			out = append(out, append(slices.Clone(ask), "--fix"))
		default: // what it takes, it says of what it does not
			got := d.run(t.Context(), append(slices.Clone(ask), "--fix", "nothing")...)
			all := taken.FindStringSubmatch(got.errs)
			if got.code != 2 || all == nil {
				t.Fatalf("want exit 2 and what --fix takes, got %s", got)
			}
			for _, value := range word.FindAllString(strings.ReplaceAll(all[1], " or ", " "), -1) {
				out = append(out, append(slices.Clone(ask), "--fix", value))
			}
		}
	}
	walk(d.root(), nil)
	return out
}

var (
	taken = regexp.MustCompile(`--fix is ([a-z, ]+)`)
	word  = regexp.MustCompile(`[a-z]+`)
)

// What needs no permission is done by who has none.
func TestWhatNeedsNoPermission(t *testing.T) {
	for _, args := range needless {
		if p := printed(t, args); len(p.Statement) > 0 {
			t.Errorf("%v: want no statement, got %+v", args, p)
		}
	}
	f := &fleet{Plane: apitest.Start(t, apitest.Options{}), t: t}
	p := configure(t)
	c := f.clerk(p, "nobody")
	d := desk{home: t.TempDir(), now: clock.Real{}}
	file := filepath.Join(d.home, "prices.json")
	f.must(nil, os.WriteFile(file, []byte(`{"Region":"us-east-1","Currency":"USD","Cells":[
		{"Compute":"STANDARD","OS":"Linux","Mode":"AlwaysOn","Unit":"Month","Price":"30","Source":"a test","Date":"2026-11-01"},
		{"Compute":"STANDARD","OS":"Linux","Mode":"AutoStop","Unit":"Month","Price":"6","Source":"a test","Date":"2026-11-01"},
		{"Compute":"STANDARD","OS":"Linux","Mode":"AutoStop","Unit":"Hour","Price":"0.25","Source":"a test","Date":"2026-11-01"}]}`), 0o600))
	for _, row := range []struct {
		args        []string
		code, calls int
		says        string
	}{
		{[]string{"cost", "whatif", "--seats", "2", "--bundle", "STANDARD", "--prices", file}, 0, 0, "ALWAYS_ON  60.00 USD a month"},
		{[]string{"cost", "answer", "ws-0123456789", "keep", "--profile", c.profile}, 1, 1, "ws-0123456789"},
	} {
		before := len(c.line.Times())
		got := d.run(t.Context(), row.args...)
		if n := len(c.line.Times()) - before; got.code != row.code || n != row.calls || len(c.line.Denied()) > 0 || !strings.Contains(got.out+got.errs, row.says) {
			t.Errorf("%v: want exit %d, %q, %d calls and nothing denied, got %d, %v and %s", row.args, row.code, row.says, row.calls, n, c.line.Denied(), got)
		}
	}
}

func sameStatement(a, b account.Statement) bool {
	return a.Sid == b.Sid && slices.Equal(a.Action, b.Action)
}
