// Command warmaws stands first on PATH as `aws` while testrun runs. It hands its
// arguments, environment and files to an AWS CLI that is already imported
// (warm.py) and leaves with that call's exit code. The CLI is the one that is
// installed, unmodified; only its start is spared, which is two thirds of what a
// call costs, and the tests make some seven hundred. What needs a process of its
// own (another namespace or user, a terminal) starts the CLI itself.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Beside this program lie the socket where the warm CLI listens and a link to
// the cold one.
const (
	socketName = "warm.sock"
	coldName   = "cold"
)

func main() {
	self, err := os.Executable()
	if err != nil {
		fmt.Fprintln(os.Stderr, "warmaws:", err)
		os.Exit(255)
	}
	code, err := warm(filepath.Join(filepath.Dir(self), socketName))
	if err != nil {
		cold(filepath.Join(filepath.Dir(self), coldName))
	}
	os.Exit(code)
}

// warm fails only where nothing was started.
func warm(socket string) (int, error) {
	if ownProcess() {
		return 0, errors.New("needs a process of its own")
	}
	conn, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: socket, Net: "unix"})
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	if !neighbour(conn) {
		return 0, errors.New("another namespace")
	}
	cwd, err := os.Getwd()
	if err != nil {
		return 0, err
	}
	env := map[string]string{}
	for _, line := range os.Environ() {
		name, value, _ := strings.Cut(line, "=")
		env[name] = value
	}
	order, err := json.Marshal(map[string]any{"argv": os.Args, "env": env, "cwd": cwd})
	if err != nil {
		return 0, err
	}
	if len(order) >= 1<<16 {
		return 0, errors.New("too long for one message")
	}
	if _, _, err := conn.WriteMsgUnix(append(order, '\n'), syscall.UnixRights(0, 1, 2), nil); err != nil {
		return 0, err
	}
	said, err := bufio.NewReader(conn).ReadString('\n')
	code, numErr := strconv.Atoi(strings.TrimSpace(said))
	if err != nil || numErr != nil {
		fmt.Fprintln(os.Stderr, "warmaws: the warm AWS CLI went away")
		return 255, nil
	}
	if code < 0 { // ended by a signal
		code = 128 - code
	}
	return code, nil
}

// ownProcess is true for calls that own a terminal or start programs that do.
func ownProcess() bool {
	return slices.Contains(os.Args, "start-session") || slices.Contains(os.Args, "resume-session") || slices.Contains(os.Args, "configure")
}

// neighbour is true where the other side is our user and lives in our namespaces.
func neighbour(conn *net.UnixConn) bool {
	raw, err := conn.SyscallConn()
	if err != nil {
		return false
	}
	var peer *syscall.Ucred
	var peerErr error
	if err := raw.Control(func(fd uintptr) {
		peer, peerErr = syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
	}); err != nil || peerErr != nil || int(peer.Uid) != os.Geteuid() {
		return false
	}
	for _, kind := range []string{"net", "mnt", "user", "pid", "uts"} {
		ours, err := os.Readlink("/proc/self/ns/" + kind)
		theirs, err2 := os.Readlink(fmt.Sprintf("/proc/%d/ns/%s", peer.Pid, kind))
		if err != nil || err2 != nil || ours != theirs {
			return false
		}
	}
	return true
}

// cold becomes the installed CLI.
func cold(link string) {
	path, err := os.Readlink(link)
	if err == nil {
		err = syscall.Exec(path, append([]string{path}, os.Args[1:]...), os.Environ())
	}
	fmt.Fprintf(os.Stderr, "warmaws: start the AWS CLI: %v\n", err)
	os.Exit(255)
}
