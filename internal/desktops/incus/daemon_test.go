package incus_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops/desktopstest"
)

// incusd is where Debian's package has the server.
const incusd = "/usr/libexec/incus/incusd"

// daemon is a server of the tests' own: in pid, mount and network namespaces
// that end with it, over a folder of its own.
type daemon struct {
	dir   string
	first *exec.Cmd // process 1 of the namespaces
}

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "in-namespaces" {
		os.Exit(inNamespaces(os.Args[2]))
	}
	code := m.Run()
	if d, err := server(); err == nil {
		if err := d.stop(); err != nil {
			fmt.Fprintln(os.Stderr, "stop incusd:", err)
			code = 1
		}
	}
	if exe, err := program(); err == nil {
		_ = os.RemoveAll(filepath.Dir(exe))
	}
	os.Exit(code)
}

// server is the server of this run, with a pool of the kind btrfs: a file that
// is as large as it is full.
var server = sync.OnceValues(func() (*daemon, error) {
	if os.Geteuid() != 0 {
		return nil, errors.New("this test runs an Incus server and needs root; run it with sudo")
	}
	dir, err := os.MkdirTemp("", "tamachi-incus")
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o711); err != nil { // containers' ids pass here
		return nil, err
	}
	d := &daemon{dir: dir}
	if err := d.start(); err != nil {
		return nil, err
	}
	err = d.ask("/1.0/storage-pools", map[string]any{"name": "default", "driver": "btrfs", "config": map[string]string{"size": "80GiB"}})
	if err != nil {
		return nil, errors.Join(err, d.stop())
	}
	return d, nil
})

// start starts the server over its folder and waits until it answers.
func (d *daemon) start() error {
	words, err := os.OpenFile(filepath.Join(d.dir, "words"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer words.Close()
	d.first = exec.Command("/proc/self/exe", "in-namespaces", d.dir)
	d.first.Stdout, d.first.Stderr = words, words
	d.first.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: unix.CLONE_NEWPID | unix.CLONE_NEWNET, Unshareflags: unix.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL, Setsid: true,
	}
	if err := d.first.Start(); err != nil {
		return err
	}
	ready := exec.Command(incusd, "waitready", "--timeout=60")
	ready.Env = append(os.Environ(), "INCUS_DIR="+d.dir)
	if out, err := ready.CombinedOutput(); err != nil {
		text, _ := os.ReadFile(filepath.Join(d.dir, "words"))
		return errors.Join(fmt.Errorf("incusd: %w: %s%s", err, out, text), d.stop())
	}
	return nil
}

// fall ends the server and all that it runs, as when its machine loses power:
// processes, mounts and networks are gone with their namespaces.
func (d *daemon) fall() error {
	if err := d.first.Process.Kill(); err != nil {
		return err
	}
	_ = d.first.Wait() // that it was killed
	return nil
}

// inNamespaces is process 1 of the server's namespaces: it starts the server
// and collects what ends, until it is told to end.
func inNamespaces(dir string) int {
	for _, step := range []func() error{
		func() error { return unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, "") },
		func() error { return unix.Mount("proc", "/proc", "proc", 0, "") },
		func() error { return ownKernelFolder(dir) },
		func() error { return exec.Command("ip", "link", "set", "lo", "up").Run() },
	} {
		if err := step(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGCHLD, syscall.SIGTERM)
	c := exec.Command(incusd, "--group", "root")
	c.Env = append(os.Environ(), "INCUS_DIR="+dir)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	if err := c.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for s := range signals {
		if s == syscall.SIGTERM {
			_ = c.Process.Signal(syscall.SIGTERM)
			continue
		}
		for {
			pid, err := unix.Wait4(-1, nil, unix.WNOHANG, nil)
			if pid == c.Process.Pid {
				return 0
			}
			if err != nil || pid <= 0 {
				break
			}
		}
	}
	return 0
}

// ownKernelFolder mounts a /sys that shows the network of these namespaces, with
// the cgroups of the machine in their place.
func ownKernelFolder(dir string) error {
	const groups = "/sys/fs/cgroup"
	aside := filepath.Join(dir, "groups")
	if err := os.MkdirAll(aside, 0o700); err != nil {
		return err
	}
	if err := unix.Mount(groups, aside, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return err
	}
	if err := unix.Mount("sysfs", "/sys", "sysfs", 0, ""); err != nil {
		return err
	}
	return unix.Mount(aside, groups, "", unix.MS_MOVE, "")
}

// stop ends the server; its namespaces and mounts end with it.
func (d *daemon) stop() error {
	_ = d.first.Process.Signal(syscall.SIGTERM)
	_ = d.first.Wait()
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return err
	}
	if strings.Contains(string(mounts), d.dir) {
		return fmt.Errorf("something is mounted below %s", d.dir)
	}
	return os.RemoveAll(d.dir)
}

func (d *daemon) socket() string { return filepath.Join(d.dir, "unix.socket") }

// ask is a call that only a test makes.
func (d *daemon) ask(path string, in any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", d.socket())
	}}}
	defer client.CloseIdleConnections()
	res, err := client.Post("http://incus"+path, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer res.Body.Close()
	var a struct {
		Error string `json:"error"`
	}
	if err := json.NewDecoder(res.Body).Decode(&a); err != nil {
		return err
	}
	if a.Error != "" {
		return errors.New(a.Error)
	}
	return nil
}

// in is a command within the server's namespaces.
func (d *daemon) in(ctx context.Context, args ...string) *exec.Cmd {
	args = append([]string{"--target", strconv.Itoa(d.first.Process.Pid), "--pid", "--mount", "--net"}, args...)
	return exec.CommandContext(ctx, "nsenter", args...)
}

// program builds the binary that is process 1 of the desktops, once a run.
var program = sync.OnceValues(desktopstest.Program)
