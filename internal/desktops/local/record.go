package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/google/renameio/v2"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/inside"
)

// record is what is kept of a desktop, in desktop.json. It holds no secret:
// the activation code is only in the agent's own folder.
type record struct {
	Spec      desktops.Spec
	Lease     int    // decides ids and address; no two desktops of a folder have the same
	Image     string // name of the image that is under the root volume
	MachineID string
	Storage   string `json:",omitempty"` // of its volumes (volume.Storage.Name)
}

// run is what is kept of a desktop that should run, in run.json: enough to
// find its first process again and to take no other for it.
type run struct {
	PID       int
	Ticks     uint64 // time of start, as in /proc/<pid>/stat
	Users     uint64 // inode of its user namespace
	Boot      string // boot id of the machine
	StartedAt time.Time
}

// The files and folders of a desktop.
const (
	recordFile    = "desktop.json"
	runFile       = "run.json"
	logFile       = "log"
	rootFolder    = "root" // upper and work of the overlay
	userFolder    = "user"
	agentHome     = "agent"
	signalsFolder = "signals"
	mountFolder   = "mount"
)

func load(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}

// save writes a file that is either the old or the new one after a crash.
func save(path string, from any) error {
	text, err := json.MarshalIndent(from, "", "  ")
	if err != nil {
		return err
	}
	return renameio.WriteFile(path, append(text, '\n'), 0o600, renameio.WithStaticPermissions(0o600))
}

// forget removes a file that may be gone already.
func forget(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// AgentConfig is what the file config.json in the agent's folder holds.
type AgentConfig = inside.AgentConfig

// writeAgentConfig writes it for the root user of the desktop alone. The
// folder belongs to the desktop, which may have put anything there: the file
// is made anew and no link is followed.
func writeAgentConfig(folder string, n desktops.Node, owner int) error {
	return writeFor(folder, inside.AgentFile, inside.AgentConfigOf(n), owner)
}

// writeFor puts a file into a folder that belongs to a desktop, which may have
// put anything there, and gives it to the desktop's root.
func writeFor(folder, name string, what any, owner int) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	text, err := json.Marshal(what)
	if err != nil {
		return err
	}
	temp := "." + name + ".new"
	if err := root.RemoveAll(temp); err != nil {
		return err
	}
	f, err := root.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Chown(owner, owner), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return root.Rename(temp, name)
}

// settings are those of the whole folder, in folder.json.
type settings struct {
	ID     string // six hexadecimal digits
	Prefix string // range of the bridge
}

const settingsFile = "folder.json"

func (o Options) desktopsFolder() string { return filepath.Join(o.Dir, "desktops") }
func (o Options) trashFolder() string    { return filepath.Join(o.Dir, "trash") }
