package agent

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// downloadGit gets the files of a repository with the machine's own git.
func (a *agent) downloadGit(ctx context.Context, t *task, info source, to string) error {
	git, err := a.lookPath("git")
	if err != nil {
		return fmt.Errorf("the source type %s needs git, which is not on this node", info.Type)
	}
	from := info.Repository
	if info.Type == "GitHub" {
		from = "https://github.com/" + info.Owner + "/" + info.Repository
	}
	login, err := gitLogin(from, info)
	if err != nil {
		return err
	}
	branch, commit, err := readOptions(info.Options)
	if err != nil {
		return err
	}
	if !filepath.IsLocal(filepath.Join(".", info.Path)) {
		return fmt.Errorf("the path %q leads out of the repository", info.Path)
	}
	copyOf, err := os.MkdirTemp(t.Folder, "git-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(copyOf)
	args := []string{"clone", "--quiet"}
	if commit == "" {
		args = append(args, "--depth", "1")
	}
	if branch != "" {
		args = append(args, "--branch", branch)
	}
	quiet := *t
	quiet.Env = slices.Concat([]string{
		"GIT_TERMINAL_PROMPT=0", "GIT_ALLOW_PROTOCOL=https:http:ssh:git:file", "GIT_CONFIG_NOSYSTEM=1",
	}, login, t.Env)
	run := func(args ...string) error {
		if out := a.execute(ctx, &quiet, "/", git, args...); out.Status != statusSuccess {
			return fmt.Errorf("git %s: %s", args[0], strings.TrimSpace(out.Stderr))
		}
		return nil
	}
	if err := run(append(args, "--", from, copyOf)...); err != nil {
		return err
	}
	if commit != "" {
		if err := run("-C", copyOf, "checkout", "--quiet", "--detach", commit); err != nil {
			return err
		}
	}
	return copyTree(filepath.Join(copyOf, info.Path), to)
}

// readOptions reads getOptions: "branch:NAME" or "commitID:HASH".
func readOptions(text string) (branch, commit string, err error) {
	if text == "" {
		return "", "", nil
	}
	kind, name, _ := strings.Cut(text, ":")
	name = strings.TrimSpace(name)
	if name == "" || strings.HasPrefix(name, "-") {
		return "", "", errors.New("getOptions must be branch:NAME or commitID:HASH")
	}
	switch kind {
	case "branch":
		return name, "", nil
	case "commitID":
		return "", name, nil
	}
	return "", "", errors.New("getOptions must be branch:NAME or commitID:HASH")
}

// copyTree copies a file or the files of a folder, without .git and without
// links.
func copyTree(from, to string) error {
	info, err := os.Lstat(from)
	if err != nil {
		return errors.New("there is no such path in the repository")
	}
	one := func(from, to string) error {
		f, err := os.Open(from)
		if err != nil {
			return err
		}
		defer f.Close()
		return saveFile(to, f)
	}
	if info.Mode().IsRegular() {
		if stat, err := os.Stat(to); err == nil && stat.IsDir() {
			to = filepath.Join(to, filepath.Base(from))
		}
		return one(from, to)
	}
	return filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return filepath.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		return one(path, filepath.Join(to, name))
	})
}
