package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// pastShims puts the folder of the real `aws` and `python3` in front of PATH
// where a version manager's shim stands before them: a shim starts two shells a
// call.
func pastShims() {
	if _, err := exec.LookPath("pyenv"); err != nil {
		return
	}
	for _, name := range []string{"aws", "python3"} {
		out, err := exec.Command("pyenv", "which", name).Output()
		if err != nil {
			continue // not one of its programs
		}
		firstOnPath(filepath.Dir(strings.TrimSpace(string(out))))
	}
}

// shareObjects lets a second clone of the repository use what the first one
// compiled: without -trimpath an object names the folder of its sources, and
// every clone compiles the module anew, twice (see raced).
func shareObjects() {
	os.Setenv("GOFLAGS", strings.TrimSpace(os.Getenv("GOFLAGS")+" -trimpath"))
}

func firstOnPath(dir string) {
	os.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// warmCLI puts tools/warmaws in front of PATH: the tests call the AWS CLI some
// seven hundred times, and its start is two thirds of a call. Where it cannot be
// had (a CLI that is no Python program) the calls are as they were, and slower.
// What it returns ends the warm CLI.
func warmCLI() (stop func(), err error) {
	nothing := func() {}
	real, err := exec.LookPath("aws")
	if err != nil {
		return nothing, nil // make check needs none
	}
	python := interpreter(real)
	if python == "" {
		return nothing, nil
	}
	dir, err := os.MkdirTemp("", "tamachi-warm-")
	if err != nil {
		return nothing, err
	}
	forget := func() { os.RemoveAll(dir) }
	if err := sh("go", "build", "-C", "tools", "-o", filepath.Join(dir, "aws"), "./warmaws"); err != nil {
		return forget, err
	}
	if err := os.Symlink(real, filepath.Join(dir, "cold")); err != nil {
		return forget, err
	}
	c := exec.Command(python, "tools/warmaws/warm.py", filepath.Join(dir, "warm.sock"))
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		return forget, err
	}
	if err := c.Start(); err != nil {
		return forget, err
	}
	end := func() {
		_ = c.Process.Kill()
		_ = c.Wait()
		forget()
	}
	if said, err := bufio.NewReader(out).ReadString('\n'); said != "ready\n" {
		return end, fmt.Errorf("the AWS CLI of %s cannot be kept warm: %q, %w", python, said, err)
	}
	firstOnPath(dir)
	return end, nil
}

// interpreter is the Python of a program's first line, or empty.
func interpreter(program string) string {
	f, err := os.Open(program)
	if err != nil {
		return ""
	}
	defer f.Close()
	first, err := bufio.NewReader(f).ReadString('\n')
	path, isScript := strings.CutPrefix(strings.TrimSpace(first), "#!")
	if err != nil || !isScript || !strings.HasPrefix(filepath.Base(path), "python") {
		return ""
	}
	return path
}
