package e2e

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// lanWords put machines that are no desktops into networks:
//
//	machine VPC ADDRESS        a machine in that network that says hello at port 445
//	reaches WS ADDRESS PORT    the desktop gets that hello; tried for a second
var lanWords = map[string]word{"machine": wordMachine, "reaches": wordReaches}

func wordMachine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: machine VPC ADDRESS")
	}
	mark, err := planeOf(ts).folder()
	ts.Check(err)
	network := mark + "-" + args[0]
	within(ts, time.Minute, func() bool {
		_, err := os.Stat("/run/netns/" + network)
		return err == nil
	}, func() { ts.Fatalf("network %s is not real", args[0]) })
	body := exec.Command("sleep", "3600")
	body.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWNET}
	ts.Check(body.Start())
	ts.Defer(func() {
		_ = body.Process.Kill()
		_ = body.Wait()
	})
	pid := strconv.Itoa(body.Process.Pid)
	for line := range strings.Lines(`
		ip -n NETWORK link add x0 address 06:00:00:00:00:01 type veth peer name eth0 address 06:00:00:00:00:02 netns PID
		ip -n NETWORK link set x0 up
		nsenter --net=/proc/PID/ns/net ip link set eth0 up
		nsenter --net=/proc/PID/ns/net ip address add ADDRESS/32 dev eth0
		nsenter --net=/proc/PID/ns/net ip neigh add 169.254.0.2 lladdr 06:00:00:00:00:01 dev eth0
		nsenter --net=/proc/PID/ns/net ip route add default via 169.254.0.2 dev eth0 onlink
		ip -n NETWORK neigh add ADDRESS lladdr 06:00:00:00:00:02 dev x0
		ip -n NETWORK route add ADDRESS/32 dev x0`) {
		words := strings.Fields(strings.NewReplacer("NETWORK", network, "PID", pid, "ADDRESS", args[1]).Replace(line))
		if len(words) == 0 {
			continue
		}
		if out, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
			ts.Fatalf("%s: %v: %s", strings.Join(words, " "), err, out)
		}
	}
	ts.Check(greet(ts, body.Process.Pid, 445))
}

// inNetwork does something within the network namespace of a process.
func inNetwork(pid int, do func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // and never unlocks: the thread ends with the goroutine
		ns, err := netns.GetFromPid(pid)
		if err == nil {
			err = errors.Join(netns.Set(ns), ns.Close())
		}
		if err == nil {
			err = do()
		}
		done <- err
	}()
	return <-done
}

// greet says hello at a port within the network namespace of a process.
func greet(ts *testscript.TestScript, pid, port int) error {
	var l net.Listener
	err := inNetwork(pid, func() (err error) {
		l, err = net.Listen("tcp4", fmt.Sprintf(":%d", port))
		return err
	})
	if err != nil {
		return err
	}
	ts.Defer(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(c, "hello")
			c.Close()
		}
	}()
	return nil
}

func wordReaches(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: reaches WS ADDRESS PORT")
	}
	pid, address := first(ts, args[0]), net.JoinHostPort(args[1], args[2])
	within(ts, time.Minute, func() bool {
		return (inNetwork(pid, func() error { return greeted(address) }) == nil) != neg
	}, func() { ts.Fatalf("%s to %s, port %s: want it reached: %t", args[0], args[1], args[2], !neg) })
}

// greeted wants a hello at an address. Only the connection must be there within a
// second: no program has to start in that time, so a busy machine is no wall.
func greeted(address string) error {
	c, err := net.DialTimeout("tcp4", address, time.Second)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		return err
	}
	hello := make([]byte, 5)
	if _, err := io.ReadFull(c, hello); err != nil || string(hello) != "hello" {
		return fmt.Errorf("it says %q: %w", hello, err)
	}
	return nil
}
