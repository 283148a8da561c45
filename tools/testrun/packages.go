package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// pkg is what is wanted of `go list -json`.
type pkg struct {
	ImportPath   string
	Dir          string
	GoFiles      []string
	TestGoFiles  []string
	XTestGoFiles []string
}

// e2e packages drive the whole plane or a browser; so do benchmarks.
func (p pkg) e2e() bool { return strings.HasPrefix(p.ImportPath, "tamachi/e2e") }

// long are packages whose tests take twenty seconds or more of their part: they
// begin first, so that no core waits for the other at the end.
var long = []string{"tamachi", "tamachi/internal/house/duties", "tamachi/internal/house", "tamachi/internal/desktops/local/image", "tamachi/internal/aws/services/iam"}

// longFirst is the order in which go test takes packages.
func longFirst(pkgs []string) []string {
	rank := func(p string) int {
		if i := slices.Index(long, p); i >= 0 {
			return i
		}
		return len(long)
	}
	return slices.SortedStableFunc(slices.Values(pkgs), func(a, b string) int { return rank(a) - rank(b) })
}

// machine are the packages whose tests make real desktops: namespaces, mounts,
// bridges, an image. They are tested last, each in a lane of its own.
var machine = []string{local, incus}

const (
	local = "tamachi/internal/desktops/local"
	incus = "tamachi/internal/desktops/incus"
)

// absent looks for programs that not every machine can have, and returns the
// tests that need them, as a pattern of go test's -skip.
func absent() string {
	if _, err := os.Stat(incusd); err == nil {
		return ""
	}
	fmt.Printf("     no %s here (Debian has it, 12 in its backports): the suite of desktops/incus against a real server is left out\n", incusd)
	return "^TestServer"
}

// incusd is the server of desktops in containers.
const incusd = "/usr/libexec/incus/incusd"

func packages() ([]pkg, error) {
	out, err := output("go", "list", "-json=ImportPath,Dir,GoFiles,TestGoFiles,XTestGoFiles", "./...")
	if err != nil {
		return nil, err
	}
	var all []pkg
	dec := json.NewDecoder(strings.NewReader(out))
	for {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		if len(p.TestGoFiles)+len(p.XTestGoFiles) > 0 {
			all = append(all, p)
		}
	}
}

func pick(all []pkg, want func(pkg) bool) []string {
	var out []string
	for _, p := range all {
		if want(p) {
			out = append(out, p.ImportPath)
		}
	}
	return out
}

// withGoroutines finds the packages worth the race detector: those whose own
// code starts goroutines, or guards something against others'.
func withGoroutines(all []pkg) ([]string, error) {
	var out []string
	for _, p := range all {
		if p.e2e() || slices.Contains(machine, p.ImportPath) {
			continue
		}
		yes, err := concurrent(p)
		if err != nil {
			return nil, err
		}
		if yes {
			out = append(out, p.ImportPath)
		}
	}
	return out, nil
}

func concurrent(p pkg) (bool, error) {
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return false, fmt.Errorf("read %s: %w", name, err)
		}
		for _, i := range f.Imports {
			if slices.Contains([]string{`"sync"`, `"sync/atomic"`, `"golang.org/x/sync/errgroup"`}, i.Path.Value) {
				return true, nil
			}
		}
		found := false
		ast.Inspect(f, func(n ast.Node) bool {
			_, is := n.(*ast.GoStmt)
			found = found || is
			return !found
		})
		if found {
			return true, nil
		}
	}
	return false, nil
}
