package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tamachi/internal/desktops/desktopstest"
)

// hostWords look at desktops from the host's side, past the plane:
//
//	plant WS PATH TEXT    write a file into the desktop
//	feed WS PATH TEXT     write into a pipe that a program of the desktop reads
//	running NAME WS ARGS  find the desktop's process with these arguments (20 s at most),
//	                      want it in the desktop's cgroups and namespaces, put its pid into $NAME
//	alive PID             want a process that runs
//	strike PID            kill -9 a process of this data folder's desktops
//	apart WS [WS]         want no namespace shared with the plane, or with the other desktop
//	shows WS              want a display that sends its picture
var hostWords = map[string]word{
	"plant":   wordPlant,
	"feed":    wordFeed,
	"running": wordRunning,
	"alive":   wordAlive,
	"strike":  wordStrike,
	"apart":   wordApart,
	"shows":   wordShows,
}

// first is process 1 of a desktop, as the host counts. The file of the provider
// is only believed if that process is in the desktop's cgroup.
func first(ts *testscript.TestScript, ws string) int {
	text, err := os.ReadFile(filepath.Join(planeOf(ts).data, "desktops", "desktops", ws, "run.json"))
	ts.Check(err)
	var run struct{ PID int }
	ts.Check(json.Unmarshal(text, &run))
	ts.Check(inGroup(ts, run.PID, ws))
	return run.PID
}

// inGroup wants a process in the cgroup of a desktop, in every hierarchy that
// limits or counts.
func inGroup(ts *testscript.TestScript, pid int, ws string) error {
	mark, err := planeOf(ts).folder()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", pid))
	if err != nil {
		return err
	}
	want := "/" + mark + "/" + ws
	missing := map[string]bool{"cpu": true, "memory": true, "pids": true, "": true}
	for line := range strings.Lines(string(text)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3) // number, controllers, path
		for controller := range strings.SplitSeq(parts[1], ",") {
			if missing[controller] && parts[2] == want {
				delete(missing, controller)
			}
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("process %d is not in the cgroup %s of %q (\"\" is version 2):\n%s",
			pid, want, slices.Sorted(maps.Keys(missing)), text)
	}
	return nil
}

// inside opens the desktop's own tree of files. No link leads out of it.
func inside(ts *testscript.TestScript, ws string) *os.Root {
	root, err := os.OpenRoot(fmt.Sprintf("/proc/%d/root", first(ts, ws)))
	ts.Check(err)
	return root
}

func wordPlant(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: plant WS PATH TEXT")
	}
	// As root of the desktop: the host's root is nobody on a user volume.
	cmd := exec.Command("nsenter", "--target", strconv.Itoa(first(ts, args[0])), "--user", "--mount", "--root", "--wd=/",
		"--setuid", "0", "--setgid", "0", "/bin/sh", "-c", `cat > "$0"`, args[1])
	cmd.Stdin = strings.NewReader(args[2] + "\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		ts.Fatalf("plant %s: %v: %s", args[1], err, out)
	}
}

func wordFeed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: feed WS PATH TEXT")
	}
	root := inside(ts, args[0])
	defer root.Close()
	// Without a reader this is an error instead of a wait.
	pipe, err := root.OpenFile(strings.TrimPrefix(args[1], "/"), os.O_WRONLY|syscall.O_NONBLOCK, 0)
	ts.Check(err)
	_, err = io.WriteString(pipe, args[2]+"\n")
	ts.Check(err)
	ts.Check(pipe.Close())
}

func wordRunning(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: running NAME WS ARGS")
	}
	ws, want := args[1], args[2:]
	var pid int
	err := errors.New("no process of this machine has these arguments")
	within(ts, 2*time.Minute, func() bool {
		if pid = search(ts, ws, want); pid != 0 {
			err = inGroup(ts, pid, ws)
		}
		return err == nil
	}, func() { ts.Fatalf("%q: %v", want, err) })
	for _, space := range spaces {
		if mine, its := namespace(ts, pid, space), namespace(ts, first(ts, ws), space); mine != its {
			ts.Fatalf("process %d is in %s, its desktop in %s", pid, mine, its)
		}
	}
	ts.Setenv(args[0], strconv.Itoa(pid))
}

// search finds the process whose arguments begin with those wanted, among all
// of this machine: that it is in the desktop is to be proved, not assumed. Of
// several the desktop's own is taken.
func search(ts *testscript.TestScript, ws string, want []string) (found int) {
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	ts.Check(err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil || !strings.HasPrefix(string(text), strings.Join(want, "\x00")+"\x00") {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		ts.Check(err)
		if found == 0 || inGroup(ts, pid, ws) == nil {
			found = pid
		}
	}
	return found
}

func wordAlive(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: alive PID")
	}
	if _, err := strconv.Atoi(args[0]); err != nil {
		ts.Fatalf("alive: %v", err)
	}
	if is := !ended("/proc/" + args[0]); is == neg {
		ts.Fatalf("process %s runs: %v, want %v", args[0], is, !neg)
	}
}

func wordStrike(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: strike PID")
	}
	pid, err := strconv.Atoi(args[0])
	ts.Check(err)
	mark, err := planeOf(ts).folder()
	ts.Check(err)
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", pid))
	ts.Check(err)
	if !strings.Contains(string(text), "/"+mark+"/") {
		ts.Fatalf("process %d is none of this test's", pid)
	}
	ts.Check(syscall.Kill(pid, syscall.SIGKILL))
}

// spaces are the namespaces that make a desktop a place of its own.
var spaces = []string{"mnt", "pid", "net", "user", "ipc", "uts"}

func namespace(ts *testscript.TestScript, pid int, space string) string {
	name, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/%s", pid, space))
	ts.Check(err)
	return name
}

func wordApart(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: apart WS [WS]")
	}
	one, other, whose := first(ts, args[0]), planeOf(ts).cmd.Process.Pid, "the plane"
	if len(args) == 2 {
		other, whose = first(ts, args[1]), args[1]
	}
	for _, space := range spaces {
		if mine := namespace(ts, one, space); mine == namespace(ts, other, space) {
			ts.Fatalf("%s and %s are both in %s", args[0], whose, mine)
		}
	}
}

func wordShows(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: shows WS")
	}
	screen, err := look(filepath.Join(planeOf(ts).data, "desktops", "desktops", args[0], "signals", "display", "rfb"))
	if is := err == nil && screen.Pixels > 0; is == neg {
		ts.Fatalf("the display of %s: %+v, %v", args[0], screen, err)
	}
}

func look(socket string) (desktopstest.Screen, error) {
	const patience = 10 * time.Second
	conn, err := net.DialTimeout("unix", socket, patience)
	if err != nil {
		return desktopstest.Screen{}, err
	}
	defer conn.Close()
	return desktopstest.Look(conn, patience)
}
