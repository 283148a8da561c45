// Package scripts tries the shell scripts behind `make run` and `make test`
// where they must refuse: in one line, with exit code 2, nothing done.
package scripts

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const root = "../.."

// tools are the programs that the scripts themselves call.
var tools = []string{"bash", "df", "awk", "id", "uname", "dirname", "basename", "mktemp", "rm", "tail", "cat"}

// script runs one with nothing on PATH but the tools, links to others that are
// named, and fakes: shell lines by program name.
func script(t *testing.T, path string, args, env, links []string, fakes map[string]string) (code int, stderr string) {
	t.Helper()
	bin := t.TempDir()
	for _, name := range append(links, tools...) {
		found, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, faked := fakes[name]; faked {
			continue
		}
		if err := os.Symlink(found, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	for name, line := range fakes {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/bash\n"+line+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command("bash", append([]string{filepath.Join(root, path)}, args...)...)
	c.Env = append([]string{"PATH=" + bin}, env...)
	var said strings.Builder
	c.Stderr = &said
	err := c.Run()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if err != nil && !ok {
		t.Fatal(err)
	}
	if ok {
		code = exit.ExitCode()
	}
	return code, said.String()
}

func TestRunRefusesInOneLine(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	asRoot := map[string]string{"id": "echo 0", "go": "exit 99", "npm": "exit 99"}
	rows := []struct {
		name  string
		fakes map[string]string
		env   []string
		want  string
	}{
		{"not on Linux", map[string]string{"uname": "echo Darwin"}, nil, "not on Darwin"},
		{"not as root", map[string]string{"id": "echo 1000"}, nil, "run it as root"},
		{"without Go", map[string]string{"id": "echo 0"}, nil, "Go is missing"},
		{"without npm", map[string]string{"id": "echo 0", "go": "exit 99"}, nil, "npm is missing"},
		{"when the port is taken", asRoot, []string{"TAMACHI_LISTEN=" + taken.Addr().String()}, taken.Addr().String() + " is in use"},
		{
			"when the disk is full", map[string]string{
				"id": "echo 0", "go": "exit 99", "npm": "exit 99",
				"df": `printf 'Filesystem 1M Used Available\n/dev/x 100 60 40 60%% /\n'`,
			}, []string{"TAMACHI_LISTEN=127.0.0.1:1"}, "has 40 MiB free, 6144 are needed",
		},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			code, said := script(t, "scripts/run.sh", nil, append(row.env, "TAMACHI_DATA="+data), nil, row.fakes)
			if code != 2 || strings.Count(said, "\n") != 1 || !strings.HasPrefix(said, "tamachi: ") || !strings.Contains(said, row.want) {
				t.Errorf("want exit 2 and one line with %q, got %d %q", row.want, code, said)
			}
			if _, err := os.Stat(data); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("want no data folder, got %v", err)
			}
		})
	}
}

func TestInstallNamesWhatIsMissing(t *testing.T) {
	rows := []struct {
		name  string
		fakes map[string]string
		want  string
	}{
		{"where there is no apt", nil, "missing here: mmdebstrap"},
		{"where the user is not root", map[string]string{"apt-get": "exit 99", "id": "echo 1000"}, "run: sudo apt-get install mmdebstrap"},
		{"when apt fails", map[string]string{"apt-get": "echo no network; exit 100", "id": "echo 0"}, "could not install mmdebstrap"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			code, said := script(t, "scripts/install.sh", []string{"run"}, nil, nil, row.fakes)
			if code != 2 || !strings.Contains(said, row.want) {
				t.Errorf("want exit 2 and %q, got %d %q", row.want, code, said)
			}
		})
	}
}

func TestInstallInstallsOnlyWhatIsMissing(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	fakes := map[string]string{"apt-get": "echo \"$@\" >> " + log, "id": "echo 0"}
	if code, said := script(t, "scripts/install.sh", []string{"run"}, nil, nil, fakes); code != 0 {
		t.Fatalf("want exit 0, got %d %q", code, said)
	}
	calls, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(calls); !strings.Contains(got, " install ") || !strings.Contains(got, " mmdebstrap") || strings.Contains(got, "chromium") {
		t.Errorf("want mmdebstrap installed and nothing of other groups, got %q", got)
	}
	fakes["mmdebstrap"], fakes["apt-get"] = "exit 99", "exit 99"
	if _, err := os.Stat("/usr/share/keyrings/debian-archive-keyring.gpg"); err != nil {
		return // then there is something to install here
	}
	if code, said := script(t, "scripts/install.sh", []string{"run"}, nil, nil, fakes); code != 0 || said != "" {
		t.Errorf("all there: want silence and exit 0, got %d %q", code, said)
	}
}
