package probe

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestLogonShellRunsHere reads what a desktop of a plane writes about its policies.
func TestLogonShellRunsHere(t *testing.T) {
	worn := func(effect string) string {
		return "{\n  \"At\": \"2026-11-23T00:00:00Z\",\n  \"Groups\": null,\n  \"Settings\": {\n" + effect + "    \"Wallpaper\": {\n      \"State\": \"FAILED\",\n      \"Detail\": \"no picture\"\n    }\n  }\n}\n"
	}
	script := func(state, detail string) string {
		return worn("    \"LogonScript\": {\n      \"State\": \"" + state + "\",\n      \"Detail\": \"" + detail + "\"\n    },\n")
	}
	for _, row := range []struct {
		name, file string
		want       []Script
	}{
		{"it ran", script("CARRIED_OUT", ""), []Script{{State: ScriptThere}}},
		{"it runs", script("RUNNING", ""), []Script{{State: ScriptThere}}},
		{"it is not there", script("FAILED", "/netlogon/a}b.sh: no such file on the desktop"), []Script{{ScriptMissing, "/netlogon/a}b.sh: no such file on the desktop"}}},
		{"it failed", script("FAILED", "it ended with exit status 3"), []Script{{ScriptFailed, "it ended with exit status 3"}}},
		{"there is none", worn(""), nil},
		{"no file", "", nil},
	} {
		file := filepath.Join(t.TempDir(), "policy.json")
		if row.file != "" {
			if err := os.WriteFile(file, []byte(row.file), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		out, err := exec.CommandContext(t.Context(), "sh", "-c", strings.ReplaceAll(LogonShell, "/var/log/tamachi/policy.json", file)).Output()
		if got := Parse(string(out)).Logon(); err != nil || !slices.Equal(got, row.want) {
			t.Errorf("%s: want %+v, got %+v, %v of %q", row.name, row.want, got, err, out)
		}
	}
}

func TestLogonScriptsOfWindowsAreRead(t *testing.T) {
	s := Parse("@@logon\r\nthere\t\\\\corp\\map.bat\r\nmissing\tC:\\old\\net.cmd\r\nunreachable\t\\\\old\\a\\b.bat\r\nwhat\tx\r\nthere\r\n")
	want := []Script{{ScriptThere, `\\corp\map.bat`}, {ScriptMissing, `C:\old\net.cmd`}, {ScriptFailed, `\\old\a\b.bat: its server does not answer on port 445`}}
	if got := s.Logon(); !slices.Equal(got, want) {
		t.Errorf("want %+v, got %+v", want, got)
	}
	for _, row := range []struct{ why, want string }{
		{"a path on a server that is away takes 21 seconds to be refused, and the pack has 120", ".ConnectAsync($h, 445).Wait(3000)"},
		{"where a policy allows no classes, nothing can be said", "'@@logon'; if ($pipe) {"},
	} {
		if !strings.Contains(LogonPowerShell, row.want) {
			t.Errorf("%s: want %s, got %s", row.why, row.want, LogonPowerShell)
		}
	}
}
