package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/renameio/v2"

	"tamachi/internal/desktops"
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

// idForm is the form of a desktop's id (AWS, WorkSpaces API: WorkspaceId).
var idForm = regexp.MustCompile(`^ws-[0-9a-z]{8,63}$`)

// check refuses a spec that cannot become a desktop.
func check(s desktops.Spec) error {
	switch {
	case !idForm.MatchString(s.ID):
		return fmt.Errorf("%q is no id of a desktop", s.ID)
	case s.CPUs < 0.05 || s.CPUs > 1024:
		return fmt.Errorf("%g is no number of CPUs for a desktop", s.CPUs)
	case s.MemoryMiB < 64 || s.MemoryMiB > 16<<20:
		return fmt.Errorf("%d MiB is no memory for a desktop", s.MemoryMiB)
	}
	for _, part := range []string{s.Node.Region, s.Node.Domain} {
		if part != "" && !domainForm.MatchString(part) {
			return fmt.Errorf("%q is no Region or domain", part)
		}
	}
	return nil
}

var (
	domainForm = regexp.MustCompile(`^[0-9A-Za-z]([0-9A-Za-z.-]{0,200}[0-9A-Za-z])?$`)
	hostForm   = regexp.MustCompile(`^[0-9A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?$`)
	loginForm  = regexp.MustCompile(`^[a-z_][0-9a-z_.-]{0,31}$`)
)

// hostName is the computer's name, or the id where that is no host name.
func hostName(s desktops.Spec) string {
	if hostForm.MatchString(s.ComputerName) {
		return s.ComputerName
	}
	return strings.ToLower(s.ID)[:min(len(s.ID), 63)]
}

// system are names of accounts that an image has already.
var system = []string{
	"root", "daemon", "bin", "sys", "sync", "games", "man", "lp", "mail", "news", "uucp", "proxy",
	"www-data", "backup", "list", "irc", "gnats", "nobody", "_apt", "messagebus", "sshd", "ssm-user",
}

// login makes the name of the account inside from the person's.
func login(s desktops.Spec) string {
	name := strings.ToLower(s.UserName)
	if i := strings.LastIndexByte(name, '\\'); i >= 0 { // DOMAIN\name
		name = name[i+1:]
	}
	name, _, _ = strings.Cut(name, "@")
	if !loginForm.MatchString(name) || slices.Contains(system, name) {
		return "user"
	}
	return name
}

// serviceHosts are the services of the plane that a desktop finds by name.
var serviceHosts = []string{"ssm", "ssmmessages", "ec2messages", "logs", "kms", "monitoring", "s3"}

// hostLines are the lines of /etc/hosts that lead to the plane.
func hostLines(n desktops.Node, plane string) []string {
	if n.Region == "" || n.Domain == "" {
		return nil
	}
	var out []string
	for _, service := range serviceHosts {
		out = append(out, plane+" "+service+"."+n.Region+"."+n.Domain)
	}
	return out
}

// The agent's folder inside, and its configuration there.
const (
	agentFolder = "/var/lib/tamachi-agent"
	agentConfig = "config.json"
)

// AgentConfig is what the file config.json in the agent's folder holds; the
// folder is outside the root volume, so it and the identity outlive rebuilds.
type AgentConfig struct {
	Region         string `json:"region"`
	Domain         string `json:"domain"`
	Port           int    `json:"port"`
	CA             string `json:"ca"` // PEM
	ActivationID   string `json:"activation_id"`
	ActivationCode string `json:"activation_code"` // secret, used once
	Folder         string `json:"folder"`          // where the agent keeps what is its own
}

// writeAgentConfig writes it for the root user of the desktop alone. The
// folder belongs to the desktop, which may have put anything there: the file
// is made anew and no link is followed.
func writeAgentConfig(folder string, n desktops.Node, owner int) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	text, err := json.Marshal(AgentConfig{
		Region: n.Region, Domain: n.Domain, Port: n.Port, CA: string(n.CA),
		ActivationID: n.ActivationID, ActivationCode: n.ActivationCode, Folder: agentFolder,
	})
	if err != nil {
		return err
	}
	const temp = ".config.new"
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
	return root.Rename(temp, agentConfig)
}

// settings are those of the whole folder, in folder.json.
type settings struct {
	ID     string // six hexadecimal digits
	Prefix string // range of the bridge
}

const settingsFile = "folder.json"

func (o Options) desktopsFolder() string { return filepath.Join(o.Dir, "desktops") }
func (o Options) trashFolder() string    { return filepath.Join(o.Dir, "trash") }
