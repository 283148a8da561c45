package e2e

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// sessionWords hold sessions by the real CLI and the stock
// session-manager-plugin, each on a terminal of its own:
//
//	session start NAME ARGS         aws ssm start-session ARGS
//	session type NAME TEXT          type it, and Return
//	session size NAME COLS ROWS     change the terminal's size; not while keys may be on their way
//	session shows NAME REGEXP       wait until it has shown this since the last time
//	session ends NAME               wait until the CLI has ended
//	visitors NAME                   serve a page, and an echo, on ports $NAME and $NAME_ECHO;
//	                                nobody listens at $NAME_FREE
//	visit PORT                      want that page on a port of this machine
var sessionWords = map[string]word{"session": wordSession, "visitors": wordVisitors, "visit": wordVisit}

// sessionsKey is where a transcript keeps its sessions.
const sessionsKey = "sessions"

// sitting is a CLI on a terminal.
type sitting struct {
	cmd    *exec.Cmd
	master *os.File
	ended  chan struct{}

	mu    sync.Mutex
	shown []byte // guarded by mu; not asked for yet
}

// plugin builds the stock plugin beside the binary, where PATH finds it.
var plugin = sync.OnceValue(func() error {
	build := exec.Command("go", "build", "-C", "../tools/smplugin", "-o", filepath.Join(filepath.Dir(binary), "session-manager-plugin"),
		"github.com/aws/session-manager-plugin/src/sessionmanagerplugin-main")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the plugin: %w\n%s", err, out)
	}
	return nil
})

func wordSession(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: session start|type|size|shows|ends NAME ...")
	}
	all := ts.Value(sessionsKey).(map[string]*sitting)
	if args[0] == "start" {
		ts.Check(plugin())
		s, err := sit(ts, append([]string{"ssm", "start-session"}, args[2:]...))
		ts.Check(err)
		all[args[1]] = s
		return
	}
	s := all[args[1]]
	if s == nil {
		ts.Fatalf("there is no session %s", args[1])
	}
	switch {
	case args[0] == "type" && len(args) == 3:
		_, err := s.master.WriteString(args[2] + "\r")
		ts.Check(err)
	case args[0] == "size" && len(args) == 4:
		var size unix.Winsize
		_, err := fmt.Sscan(args[2]+" "+args[3], &size.Col, &size.Row)
		ts.Check(err)
		ts.Check(unix.IoctlSetWinsize(int(s.master.Fd()), unix.TIOCSWINSZ, &size))
	case args[0] == "shows" && len(args) == 3:
		s.shows(ts, args[2])
	case args[0] == "ends":
		within(ts, 2*time.Minute, func() bool {
			select {
			case <-s.ended:
				return true
			default:
				return false
			}
		}, func() { ts.Fatalf("session %s goes on", args[1]) })
	default:
		ts.Fatalf("usage: session start|type|size|shows|ends NAME ...")
	}
}

// sit starts the CLI on a terminal that has no size yet. The plugin tells the node
// a size in a goroutine beside that of the keys, and both take the number of their
// message before they send it and count on afterwards (SendInputDataMessage): on a
// busy machine size and first line were of one number, so that the line counted
// as said before, and the next number was never said.
func sit(ts *testscript.TestScript, args []string) (*sitting, error) {
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		return nil, err
	}
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		return nil, err
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	defer slave.Close()
	full := awsArgs(ts, args)
	s := &sitting{cmd: exec.Command(full[0], full[1:]...), master: master, ended: make(chan struct{})}
	s.cmd.Stdin, s.cmd.Stdout, s.cmd.Stderr = slave, slave, slave
	for _, name := range []string{
		"PATH", "HOME", "TMPDIR", "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION",
		"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_EC2_METADATA_DISABLED", "AWS_CA_BUNDLE", "LANG",
	} {
		if v := ts.Getenv(name); v != "" {
			s.cmd.Env = append(s.cmd.Env, name+"="+v)
		}
	}
	s.cmd.Env = append(s.cmd.Env, "TERM=xterm")
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go s.read()
	go func() {
		_ = s.cmd.Wait()
		close(s.ended)
	}()
	ts.Defer(func() {
		_ = syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL) // the CLI and its plugin
		<-s.ended
		master.Close()
	})
	return s, nil
}

func (s *sitting) read() {
	buffer := make([]byte, 4096)
	for {
		n, err := s.master.Read(buffer)
		s.mu.Lock()
		s.shown = append(s.shown, buffer[:n]...)
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (s *sitting) shows(ts *testscript.TestScript, want string) {
	pattern, err := regexp.Compile(want)
	ts.Check(err)
	within(ts, 90*time.Second, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		at := pattern.FindIndex(s.shown)
		if at == nil {
			return false
		}
		s.shown = s.shown[at[1]:]
		return true
	}, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		ts.Fatalf("it does not show %q, but %q", want, s.shown)
	})
}

func wordVisitors(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: visitors NAME")
	}
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "through the tunnel")
	}))
	ts.Defer(page.Close)
	echo, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { echo.Close() })
	go func() {
		for {
			c, err := echo.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = io.WriteString(c, "SSH-2.0-echo\r\n")
				_, _ = io.Copy(c, c)
			}()
		}
	}()
	free, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Check(free.Close())
	for name, addr := range map[string]string{args[0]: page.Listener.Addr().String(), args[0] + "_ECHO": echo.Addr().String(), args[0] + "_FREE": free.Addr().String()} {
		_, port, err := net.SplitHostPort(addr)
		ts.Check(err)
		ts.Setenv(name, port)
	}
}

func wordVisit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: visit PORT")
	}
	client := &http.Client{Timeout: 2 * time.Minute}
	for range 3 {
		res, err := client.Get("http://" + net.JoinHostPort("127.0.0.1", args[0]))
		ts.Check(err)
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		ts.Check(err)
		if !strings.Contains(string(body), "through the tunnel") {
			ts.Fatalf("got %q", body)
		}
	}
}
