package e2e

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/google/nftables"
	"github.com/rogpeppe/go-internal/testscript"

	"tamachi/internal/directory/sambatest"
	"tamachi/internal/notify/eximtest"
)

const planeKey = "plane"

// plane is the process of a transcript.
type plane struct {
	cli    cli
	data   string
	binary string // other than the one of all transcripts
	env    []string
	cmd    *exec.Cmd
	exited chan error
	stderr *os.File
	calls  map[string]int // commands of the CLI that succeeded: "ssm get-parameter"
}

func setup(env *testscript.Env, c cli) error {
	p := &plane{cli: c, data: filepath.Join(env.WorkDir, "data"), calls: map[string]int{}}
	env.Values[planeKey] = p
	env.Values[sessionsKey] = map[string]*sitting{}
	env.Values[hostsKey] = map[string]*joiner{}
	env.Values[bridgeKey] = &bridge{open: map[net.Conn]bool{}}
	env.Values[controllerKey] = new(*sambatest.Controller)
	env.Values[mailserverKey] = new(*eximtest.Server)
	env.Values[personKey] = &person{}
	env.Values[agentsKey] = &atomic.Pointer[string]{}
	for name, value := range map[string]string{
		"PATH":           filepath.Dir(binary) + string(os.PathListSeparator) + os.Getenv("PATH"),
		"TAMACHI_DATA":   p.data,
		"XDG_STATE_HOME": filepath.Join(env.WorkDir, "state"),
		// The aws of PATH may be a link that looks into the home folder; its own
		// files are kept out of the test by the lines below.
		"HOME":                        os.Getenv("HOME"),
		"AWS_CONFIG_FILE":             filepath.Join(env.WorkDir, "no-config"),
		"AWS_SHARED_CREDENTIALS_FILE": filepath.Join(env.WorkDir, "no-credentials"),
		"AWS_EC2_METADATA_DISABLED":   "true",
		"AWS_PAGER":                   "",
		"LANG":                        "C.UTF-8",
		"TAMACHI_TALLY":               os.Getenv("TAMACHI_TALLY"),
	} {
		env.Setenv(name, value)
	}
	env.Defer(func() { p.cleanUp(env) })
	return nil
}

func planeOf(ts *testscript.TestScript) *plane { return ts.Value(planeKey).(*plane) }

// cleanUp leaves nothing behind, however the transcript ended: desktops first,
// then the folder; and it proves it.
func (p *plane) cleanUp(env *testscript.Env) {
	_ = p.end(syscall.SIGTERM)
	logs, _ := filepath.Glob(filepath.Join(p.data, "desktops", "desktops", "*", "log"))
	for _, name := range append(logs, filepath.Join(env.WorkDir, "plane.log")) {
		if log, err := os.ReadFile(name); err == nil && len(log) > 0 {
			env.T().Log(strings.TrimPrefix(name, env.WorkDir+"/") + ":\n" + string(log))
		}
	}
	if _, err := os.Stat(filepath.Join(p.data, "tamachi.db")); err != nil {
		return
	}
	id, _ := p.folder()
	if out, err := exec.Command(binary, "destroy", "--data", p.data, "--yes").CombinedOutput(); err != nil {
		env.T().Log("destroy:", err, string(out))
		env.T().FailNow()
	}
	if left := leftovers(id); id != "" && len(left) > 0 {
		env.T().Log("left behind:", left)
		env.T().FailNow()
	}
}

// folder is the mark of all that the data folder's desktops have on the host.
func (p *plane) folder() (string, error) {
	text, err := os.ReadFile(filepath.Join(p.data, "desktops", "folder.json"))
	if err != nil {
		return "", err
	}
	var f struct{ ID string }
	err = json.Unmarshal(text, &f)
	return "tm" + f.ID, err
}

// leftovers lists what carries a folder's mark: interfaces, networks, cgroups,
// packet filters, processes.
func leftovers(mark string) []string {
	found, _ := filepath.Glob("/sys/class/net/" + mark + "*")
	networks, _ := filepath.Glob("/run/netns/" + mark + "*")
	found = append(found, networks...)
	for _, pattern := range []string{"/sys/fs/cgroup/", "/sys/fs/cgroup/*/"} {
		groups, _ := filepath.Glob(pattern + mark)
		found = append(found, groups...)
	}
	inGroups, _ := filepath.Glob("/proc/[0-9]*/cgroup")
	for _, file := range inGroups {
		if text, err := os.ReadFile(file); err == nil && strings.Contains(string(text), mark) && !ended(filepath.Dir(file)) {
			found = append(found, file)
		}
	}
	filters, err := nftables.New()
	if err != nil {
		return append(found, err.Error())
	}
	tables, err := filters.ListTables()
	if err != nil {
		return append(found, err.Error())
	}
	for _, t := range tables {
		if strings.HasPrefix(t.Name, mark) {
			found = append(found, "packet filter "+t.Name)
		}
	}
	return found
}

// ended tells whether the process of a folder of /proc only waits to be
// collected by its parent.
func ended(folder string) bool {
	stat, err := os.ReadFile(filepath.Join(folder, "stat"))
	if err != nil {
		return true
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	return strings.HasPrefix(after, "Z") || strings.HasPrefix(after, "X")
}

func wordPlane(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: plane start|kill|stop|version")
	}
	p := planeOf(ts)
	switch args[0] {
	case "start":
		ts.Check(p.start(ts, args[1:]))
	case "version":
		p.binary = ts.MkAbs("tamachi-of-another-version")
		build := exec.Command("go", "build", "-ldflags", "-s -w -X tamachi/internal/agent.Version="+args[1], "-o", p.binary, "tamachi/cmd/tamachi")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			ts.Fatalf("build version %s: %v\n%s", args[1], err, out)
		}
	case "kill":
		_ = p.end(syscall.SIGKILL) // that it was killed is no news
	case "stop":
		if err := p.end(syscall.SIGTERM); err != nil {
			ts.Fatalf("the plane did not exit 0: %v", err)
		}
	default:
		ts.Fatalf("unknown: plane %s", args[0])
	}
}

func (p *plane) start(ts *testscript.TestScript, flags []string) error {
	logs, err := os.OpenFile(ts.MkAbs("plane.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	args := append([]string{"serve", "--data", p.data, "--listen", "127.0.0.1:0", "--image", "small"}, flags...)
	p.cmd = exec.Command(cmp.Or(p.binary, binary), args...)
	p.cmd.Env = append(os.Environ(), p.env...)
	p.cmd.Stderr, p.stderr = logs, logs
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := p.cmd.Start(); err != nil {
		return err
	}
	p.exited = make(chan error, 1)
	ready := make(chan bool, 1)
	cmd := p.cmd
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "ready ") {
				ready <- true
			}
		}
		p.exited <- cmd.Wait()
	}()
	select {
	case <-ready:
	case err := <-p.exited:
		p.cmd = nil
		text, _ := os.ReadFile(logs.Name())
		return fmt.Errorf("the plane ended before it was ready: %w\n%s", err, text)
	case <-time.After(time.Minute):
		return errors.New("the plane was not ready within a minute")
	}
	return loadEnv(ts)
}

// loadEnv takes over what `tamachi env` prints.
func loadEnv(ts *testscript.TestScript) error {
	c := exec.Command(binary, "env", "--data", ts.Getenv("TAMACHI_DATA"))
	out, err := c.Output()
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(out)) {
		if kv, ok := strings.CutPrefix(strings.TrimSpace(line), "export "); ok {
			k, v, _ := strings.Cut(kv, "=")
			ts.Setenv(k, strings.Trim(v, "'"))
		}
	}
	return nil
}

func (p *plane) end(sig os.Signal) error {
	if p.cmd == nil {
		return nil
	}
	_ = p.cmd.Process.Signal(sig)
	var err error
	select {
	case err = <-p.exited:
	case <-time.After(30 * time.Second):
		_ = p.cmd.Process.Kill()
		err = errors.Join(errors.New("it did not end within 30 s"), <-p.exited)
	}
	p.cmd = nil
	return errors.Join(err, p.stderr.Close())
}
