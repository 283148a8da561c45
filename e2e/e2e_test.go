// Package e2e tries the plane as its users do: the built binary, the real AWS
// CLI, real desktops. Each file of testdata is a transcript (txtar) that can be
// read from top to bottom as a story; words_test.go lists the words that it may
// use beside those of testscript.
package e2e

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// binary is the tamachi that all transcripts use, built once.
var binary string

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == amazonName {
		if err := amazonDouble(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	dir, err := os.MkdirTemp("", "tamachi-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	// A plane that is not root is tried too.
	if err := os.Chmod(dir, 0o755); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binary = filepath.Join(dir, "tamachi")
	build := exec.Command("go", "build", "-o", binary, "tamachi/cmd/tamachi")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build tamachi:", err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

func TestTranscripts(t *testing.T) {
	t.Parallel() // with the tests that are no transcripts, so that none is alone at the end
	if os.Geteuid() != 0 {
		t.Fatal("real desktops are made of namespaces, mounts and a bridge: run the transcripts as root")
	}
	cli := awsCLI(t)
	var mu sync.Mutex
	var above string // guarded by mu; the folder of all transcripts' folders, which testscript leaves
	t.Cleanup(func() {
		if err := os.Remove(above); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("remove the transcripts' folder: %v", err)
		}
	})
	testscript.Run(t, testscript.Params{ // its deadline is the run's: a transcript may wait long for its turn
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			mu.Lock()
			above = filepath.Dir(env.WorkDir)
			mu.Unlock()
			return setup(env, cli)
		},
		Cmds: allWords(),
		Condition: func(cond string) (bool, error) {
			return false, fmt.Errorf("unknown condition %q: transcripts run everywhere or fail", cond)
		},
	})
}

// cli is the AWS CLI that the transcripts call.
type cli struct {
	path string
	// flag is needed where the CLI does not know AWS_ENDPOINT_URL: such a CLI
	// would call the real AWS. It does not know ds-data either.
	flag bool
}

var version = regexp.MustCompile(`^aws-cli/(\d+)\.(\d+)`)

func awsCLI(t *testing.T) cli {
	path, err := exec.LookPath("aws")
	if err != nil {
		t.Fatal("no aws on PATH: `make test` installs Debian's; see scripts/install.sh")
	}
	out, err := exec.CommandContext(context.Background(), path, "--version").CombinedOutput()
	m := version.FindStringSubmatch(string(out))
	if err != nil || m == nil {
		t.Fatalf("%s --version: %v: %s", path, err, out)
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	old := major == 1 && minor < 29 || major == 2 && minor < 13
	if old {
		t.Logf("ATTENTION: %s does not know AWS_ENDPOINT_URL; it is called with --endpoint-url, and ds-data, which it does not have, by the desk's own client", m[0])
	}
	return cli{path: path, flag: old}
}
