package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

const modfile = "-modfile=tools/go.mod"

// check is format, lint (vet is one of the linters) and generated files. It goes
// on after a failure, so that one run shows everything.
func check(*run) error {
	steps := []struct {
		name string
		do   func() error
	}{
		{"gofumpt", formatted},
		{"tools", func() error {
			return errors.Join(sh("go", "vet", "-C", "tools", "./testrun", "./warmaws"), sh("go", "test", "-C", "tools", "./testrun"))
		}},
		{"go.mod is tidy", tidy},
		{"golangci-lint", func() error {
			// The least priority: what goes beside it waits for events, and must not wait for this.
			return sh("nice", "-n", "19", "go", "tool", modfile, "golangci-lint", "run", "--allow-serial-runners", "./...")
		}},
		{"make gen leaves no diff", generated},
	}
	var errs []error
	for _, s := range steps {
		start := time.Now()
		err := s.do()
		if err != nil {
			errs = append(errs, err)
			fmt.Println(err)
		}
		fmt.Printf("%-26s %6.1f s\n", s.name, time.Since(start).Seconds())
	}
	return errors.Join(errs...)
}

func formatted() error {
	files, err := output("git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.go")
	if err != nil {
		return err
	}
	args := append([]string{"tool", modfile, "gofumpt", "-l"}, strings.Fields(files)...)
	bad, err := output("go", args...)
	if err != nil {
		return err
	}
	if bad != "" {
		return fmt.Errorf("not formatted; run make fmt:\n%s", bad)
	}
	return nil
}

// tidy wants go.mod and go.sum as go mod tidy would write them. It looks into the
// module cache first, and asks others only for what is missing there: of modules
// whose tests nobody builds, a build brings nothing.
func tidy() error {
	var why error
	for _, proxy := range []string{"off", os.Getenv("GOPROXY")} {
		var diff, words bytes.Buffer
		c := exec.Command("go", "mod", "tidy", "-diff")
		c.Env = append(os.Environ(), "GOPROXY="+proxy)
		c.Stdout, c.Stderr = &diff, &words
		if why = c.Run(); why == nil {
			return nil
		}
		if diff.Len() > 0 {
			return fmt.Errorf("go.mod is not tidy; run go mod tidy:\n%s", &diff)
		}
		why = fmt.Errorf("%w: %s", why, &words)
	}
	return fmt.Errorf("see whether go.mod is tidy: %w", why)
}

// generated writes all generated files anew and compares the work tree before
// and after, so that it also works with uncommitted changes.
func generated() error {
	before, err := worktree()
	if err != nil {
		return err
	}
	if err := sh("make", "gen"); err != nil {
		return err
	}
	after, err := worktree()
	if err != nil {
		return err
	}
	if before != after {
		return errors.New("make gen changed files; commit them: git diff shows which")
	}
	return nil
}

func worktree() (string, error) {
	diff, err := output("git", "diff", "HEAD")
	if err != nil {
		return "", err
	}
	status, err := output("git", "status", "--porcelain")
	return diff + status, err
}
