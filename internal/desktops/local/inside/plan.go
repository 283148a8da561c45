// Package inside is what runs within a desktop and on the way into it. Three
// processes of our own binary follow one another:
//
//	stage  is root in a mount namespace of its own. It joins the desktop's
//	       cgroups, mounts the image (read-only, its owners shifted into the
//	       desktop's range of ids) and the volumes, and clones
//	enter  into new user, pid, mount, network, ipc, uts and cgroup namespaces.
//	       It makes /dev, /run, /tmp, /proc and /sys, leaves the host's tree
//	       behind, waits until its network is there, and becomes
//	first  which is process 1 of the desktop: it reaps, keeps the display, the
//	       window manager, the terminal and the agent running, and ends them.
//
// Where namespaces are not to be had, detach and alone take their places: a
// display server of the host, run by a user of the desktop's own.
//
// A process of this package never reads a path that the desktop could have
// bent while it still has rights outside it: stage resolves every mount point
// without following links.
package inside

import (
	"encoding/json"
	"fmt"
	"io"

	"tamachi/internal/desktops/local/volume"
)

// Plan is all the three processes need. It is handed on as open file 3 and
// holds no secret.
type Plan struct {
	ID       string
	HostName string
	Login    string // name of the desktop's user, uid 1000
	FirstID  int    // first of the 65,536 ids of the desktop
	Memory   int64  // bytes that the desktop may use

	Folder string      // the desktop's folder; mount, root/upper, root/work, user, agent, signals are in it
	Images []string    // the image's root folders, the upmost first
	Form   volume.Form // of root and user
	Exe    string      // our binary on the host
	Doors  []string    // files that let a process into the cgroups

	MachineID string
	Hosts     []string // lines of /etc/hosts
	CA        []byte   // PEM, added to the trust store
	Screen    string   // WIDTHxHEIGHT
	Agent     []string // arguments of the agent's subcommand; none means no agent
}

// The open files that are handed on.
const (
	planFile   = 3
	reportFile = 4 // stage and enter report here: JSON of Report, a line each
	goFile     = 5 // enter waits here for a byte; the end means give up
)

// Report is what the way into a desktop tells the provider.
type Report struct {
	PID   int    `json:",omitempty"` // of enter, in the provider's pid namespace
	Error string `json:",omitempty"`
}

// Ids is how many user and group ids a desktop has.
const Ids = 65536

// person is the uid and gid of the desktop's user.
const person = 1000

func readPlan() (Plan, error) {
	var p Plan
	// The same open file is read by each process in turn.
	if err := json.NewDecoder(io.NewSectionReader(handed(planFile), 0, 1<<20)).Decode(&p); err != nil {
		return p, fmt.Errorf("read the plan: %w", err)
	}
	return p, nil
}

// tell writes a report; the provider may be gone, which is no concern of ours.
func tell(r Report) {
	if text, err := json.Marshal(r); err == nil {
		_, _ = handed(reportFile).Write(append(text, '\n'))
	}
}
