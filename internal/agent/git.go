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
	login, err := a.signIn(from, copyOf+".key", info)
	if err != nil {
		return err
	}
	defer os.Remove(copyOf + ".key")
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

// signIn are settings by which git signs in to a repository: with an SSH key,
// which is in a file of the agent's own for as long as git needs it, or with a
// token or a password. Source: Systems Manager User Guide, "Running scripts from
// Git repositories": privateSSHKey, skipHostKeyChecking.
func (a *agent) signIn(repository, keyFile string, info source) ([]string, error) {
	if info.Key == "" {
		return gitLogin(repository, info)
	}
	if !overSSH(repository) {
		return nil, errors.New("a private SSH key is for repositories of the forms ssh://host/path and user@host:path")
	}
	ssh, err := a.lookPath("ssh")
	if err != nil {
		return nil, errors.New("a private SSH key needs ssh, which is not on this node")
	}
	checking := "yes"
	if fmt.Sprint(info.Unchecked) == "true" {
		checking = "no"
	}
	if err := os.WriteFile(keyFile, []byte(strings.TrimSpace(info.Key)+"\n"), 0o600); err != nil {
		return nil, err
	}
	return []string{
		"GIT_SSH_COMMAND=" + shellQuoted(ssh) + " -i " + shellQuoted(keyFile) +
			" -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=" + checking,
		"GIT_SSH_VARIANT=ssh",
	}, nil
}

// overSSH tells whether git reaches a repository by SSH (git-clone(1), "GIT
// URLS"): user@host:path has no slash before its colon.
func overSSH(repository string) bool {
	if strings.HasPrefix(repository, "ssh://") {
		return true
	}
	host, _, found := strings.Cut(repository, ":")
	return found && host != "" && !strings.Contains(host, "/") && !strings.Contains(repository, "://")
}

// shellQuoted writes a text as one word of a shell.
func shellQuoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

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
