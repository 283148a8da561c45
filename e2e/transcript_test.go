package e2e

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// commands are what transcripts may use beside those of testscript:
//
//	plane start     run `tamachi serve` over $WORK/data, wait for "ready", load `tamachi env`
//	plane kill      kill -9
//	plane stop      SIGTERM, wait for exit 0
//	aws ARGS        the AWS CLI against the plane
//	save NAME       put the trimmed stdout of the last command into $NAME
//	until TEXT aws ARGS   repeat until stdout, trimmed, is TEXT (two minutes at most)
//	destroy         `tamachi destroy --yes` of $WORK/data
var commands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"plane": cmdPlane,
	"aws":   cmdAWS,
	"save":  cmdSave,
	"until": cmdUntil,
}

const planeKey = "plane"

// plane is the process of a transcript.
type plane struct {
	cli    cli
	cmd    *exec.Cmd
	exited chan error
	stderr *os.File
}

func setup(env *testscript.Env, c cli) error {
	p := &plane{cli: c}
	env.Values[planeKey] = p
	bin := filepath.Dir(binary)
	env.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	env.Setenv("TAMACHI_DATA", filepath.Join(env.WorkDir, "data"))
	env.Setenv("AWS_CONFIG_FILE", filepath.Join(env.WorkDir, "no-config"))
	env.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(env.WorkDir, "no-credentials"))
	env.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	env.Setenv("AWS_PAGER", "")
	env.Setenv("LANG", "C.UTF-8")
	env.Defer(func() { p.cleanUp(env) })
	return nil
}

// cleanUp leaves nothing behind, however the transcript ended: desktops first,
// then the folder.
func (p *plane) cleanUp(env *testscript.Env) {
	p.end(syscall.SIGTERM)
	data := filepath.Join(env.WorkDir, "data")
	if _, err := os.Stat(data); err != nil {
		return
	}
	if out, err := exec.Command(binary, "destroy", "--data", data, "--yes").CombinedOutput(); err != nil {
		env.T().Log("destroy:", err, string(out))
		env.T().FailNow()
	}
}

func cmdPlane(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: plane start|kill|stop")
	}
	p := ts.Value(planeKey).(*plane)
	switch args[0] {
	case "start":
		ts.Check(p.start(ts, args[1:]))
	case "kill":
		p.end(syscall.SIGKILL)
	case "stop":
		if err := p.end(syscall.SIGTERM); err != nil {
			ts.Fatalf("plane did not exit 0: %v", err)
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
	args := append([]string{"serve", "--data", ts.Getenv("TAMACHI_DATA"), "--listen", "127.0.0.1:0", "--image", "small"}, flags...)
	p.cmd = exec.Command(binary, args...)
	p.cmd.Stderr = logs
	p.stderr = logs
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := p.cmd.Start(); err != nil {
		return err
	}
	p.exited = make(chan error, 1)
	ready := make(chan bool, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "ready ") {
				ready <- true
			}
		}
		p.exited <- p.cmd.Wait()
	}()
	select {
	case <-ready:
	case err := <-p.exited:
		p.exited <- err
		text, _ := os.ReadFile(logs.Name())
		ts.Fatalf("the plane ended before it was ready: %v\n%s", err, text)
	case <-time.After(time.Minute):
		ts.Fatalf("the plane was not ready within a minute")
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

func cmdAWS(ts *testscript.TestScript, neg bool, args []string) {
	err := ts.Exec(awsArgs(ts, args)[0], awsArgs(ts, args)[1:]...)
	if err != nil && !neg {
		ts.Fatalf("aws %s: %v", strings.Join(args, " "), err)
	}
	if err == nil && neg {
		ts.Fatalf("aws %s succeeded, a failure was wanted", strings.Join(args, " "))
	}
}

func awsArgs(ts *testscript.TestScript, args []string) []string {
	c := ts.Value(planeKey).(*plane).cli
	if c.flag {
		args = append([]string{"--endpoint-url", ts.Getenv("AWS_ENDPOINT_URL")}, args...)
	}
	return append([]string{c.path}, args...)
}

func cmdSave(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: save NAME")
	}
	text := strings.TrimSpace(ts.ReadFile("stdout"))
	if text == "" || text == "None" {
		ts.Fatalf("save %s: the last command printed nothing", args[0])
	}
	ts.Setenv(args[0], text)
}

func cmdUntil(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 || args[1] != "aws" {
		ts.Fatalf("usage: until TEXT aws ARGS")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		full := awsArgs(ts, args[2:])
		err := ts.Exec(full[0], full[1:]...)
		got := strings.TrimSpace(ts.ReadFile("stdout"))
		if err == nil && got == args[0] {
			return
		}
		select {
		case <-ctx.Done():
			ts.Fatalf("wanted %q, last answer was %q (%v)", args[0], got, err)
		case <-tick.C:
		}
	}
}
