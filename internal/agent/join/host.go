package join

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// recordPath is where a host keeps what join changed.
const recordPath = "/var/lib/tamachi/node/joined.json"

// Host is the machine that joins. Root is a folder of a test; the real one is
// empty.
type Host struct {
	Root  string
	Clock clock.Clock
	IDs   *id.Source
	Say   func(format string, args ...any) // progress, for a person

	record record
}

// record is what was done to the host, in order.
type record struct {
	Endpoint, Region, Domain string
	Port                     int
	Agent                    Kind
	Node                     string   `json:",omitempty"`
	Buckets                  []string `json:",omitempty"` // that got a line in the hosts file
	Changes                  []change
	Trust                    []string `json:",omitempty"` // the command that reads the trust store again
	Started                  string   `json:",omitempty"` // systemd or process
	PID                      int      `json:",omitempty"`
	PIDStart                 string   `json:",omitempty"` // when it began, as the kernel counts
	Registered               bool     `json:",omitempty"` // with the installed agent, or it was tried
	WasEnabled               bool     `json:",omitempty"` // the installed agent's unit before
	WasActive                bool     `json:",omitempty"`
}

// change is a file or folder as it was before.
type change struct {
	Path    string
	Folder  bool        `json:",omitempty"` // it was made
	Existed bool        `json:",omitempty"`
	Mode    fs.FileMode `json:",omitempty"`
	UID     int         `json:",omitempty"`
	GID     int         `json:",omitempty"`
	ModTime time.Time   `json:",omitzero"`
	Content []byte      `json:",omitempty"`
	Written []byte      `json:",omitempty"` // what join made of it
	Agents  bool        `json:",omitempty"` // the agent writes to it, so that all that it holds is ours
}

// Kind is which agent a host runs.
type Kind string

// The agents.
const (
	Amazon Kind = "amazon-ssm-agent"
	Own    Kind = "tamachi"
)

// ErrJoined reports a host that is a node already.
var ErrJoined = errors.New("this host has joined already")

// ErrNotJoined reports a host that is none.
var ErrNotJoined = errors.New("this host has not joined a plane")

func (h *Host) path(p string) string { return filepath.Join(h.Root, p) }

func (h *Host) exists(p string) bool {
	_, err := os.Lstat(h.path(p))
	return err == nil
}

// load reads the record; ErrNotJoined when there is none.
func (h *Host) load() error {
	b, err := os.ReadFile(h.path(recordPath))
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNotJoined
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, &h.record); err != nil {
		return fmt.Errorf("read %s: %w", recordPath, err)
	}
	return nil
}

// save writes the record; it comes before what it tells of.
func (h *Host) save() error {
	b, err := json.Marshal(h.record)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(h.path(filepath.Dir(recordPath)), 0o700); err != nil {
		return err
	}
	return writeFile(h.path(recordPath), b, 0o600)
}

// folder makes a folder and those above it, each noted.
func (h *Host) folder(p string) error {
	if h.exists(p) {
		return nil
	}
	if err := h.folder(filepath.Dir(p)); err != nil {
		return err
	}
	h.record.Changes = append(h.record.Changes, change{Path: p, Folder: true})
	if err := h.save(); err != nil {
		return err
	}
	return os.Mkdir(h.path(p), 0o755)
}

// replace writes a file and notes what was there.
func (h *Host) replace(p string, content []byte, mode fs.FileMode) error {
	if err := h.folder(filepath.Dir(p)); err != nil {
		return err
	}
	was, err := h.now(p)
	if err != nil {
		return err
	}
	if was.Existed {
		mode = was.Mode
	}
	was.Written = content
	h.record.Changes = append(h.record.Changes, was)
	if err := h.save(); err != nil {
		return err
	}
	return h.overwrite(p, content, mode)
}

// note keeps what a file is that the agent will write. Folders that are not
// there yet are the agent's to make, and removed when they are empty.
func (h *Host) note(p string) error {
	was, err := h.now(p)
	if err != nil {
		return err
	}
	was.Agents = true
	var above []change
	for d := filepath.Dir(p); !h.exists(d); d = filepath.Dir(d) {
		above = append(above, change{Path: d, Folder: true})
	}
	slices.Reverse(above)
	h.record.Changes = append(append(h.record.Changes, above...), was)
	return h.save()
}

// now is a file as it is.
func (h *Host) now(p string) (change, error) {
	was := change{Path: p}
	info, err := os.Lstat(h.path(p))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return was, nil
	case err != nil:
		return was, err
	case !info.Mode().IsRegular():
		return was, fmt.Errorf("%s is no regular file", p)
	}
	if was.Content, err = os.ReadFile(h.path(p)); err != nil {
		return was, err
	}
	was.Existed, was.Mode, was.ModTime = true, info.Mode().Perm(), info.ModTime()
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		was.UID, was.GID = int(s.Uid), int(s.Gid)
	}
	return was, nil
}

// overwrite writes a file in place of another. A file that is a mount point,
// as the hosts file of a container is, cannot be replaced, only rewritten.
func (h *Host) overwrite(p string, content []byte, mode fs.FileMode) error {
	err := writeFile(h.path(p), content, mode)
	if errors.Is(err, syscall.EBUSY) {
		return os.WriteFile(h.path(p), content, mode)
	}
	return err
}

// writeFile writes a file whole or not at all.
func writeFile(path string, content []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".tamachi-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(content)
	if err := errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// undo takes all changes back, the last one first.
func (h *Host) undo() error {
	var errs []error
	for _, c := range slices.Backward(h.record.Changes) {
		if err := h.restore(c); err != nil {
			errs = append(errs, fmt.Errorf("restore %s: %w", c.Path, err))
		}
	}
	return errors.Join(errs...)
}

func (h *Host) restore(c change) error {
	p := h.path(c.Path)
	if c.Folder {
		err := os.Remove(p)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTEMPTY) {
			return nil // somebody else uses it now
		}
		return err
	}
	now, err := os.ReadFile(p)
	if errors.Is(err, fs.ErrNotExist) && !c.Existed {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if c.Path == hostsFile {
		now = withoutBlock(now)
		if strings.TrimSuffix(string(now), "\n") != strings.TrimSuffix(string(c.Content), "\n") { // ours ended its last line
			return h.overwrite(c.Path, now, c.Mode)
		}
	} else if !c.Agents && string(now) != string(c.Written) && string(now) != string(c.Content) {
		h.Say("%s was changed by somebody since; it is left as it is", c.Path)
		return nil
	}
	if !c.Existed {
		return os.Remove(p)
	}
	if err := h.overwrite(c.Path, c.Content, c.Mode); err != nil {
		return err
	}
	return errors.Join(os.Chown(p, c.UID, c.GID), os.Chtimes(p, c.ModTime, c.ModTime))
}

// run runs a program of the host.
func run(ctx context.Context, name string, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	text := strings.TrimSpace(string(out))
	if err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(name), err, last(text))
	}
	return nil
}

func last(text string) string { return text[strings.LastIndexByte(text, '\n')+1:] }

// pause waits for d or the end of ctx, whichever is first.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
