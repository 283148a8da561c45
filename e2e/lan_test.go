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
	body := exec.Command("sleep", "600")
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

// greet says hello at a port within the network namespace of a process.
func greet(ts *testscript.TestScript, pid, port int) error {
	made := make(chan error, 1)
	var l net.Listener
	go func() {
		runtime.LockOSThread() // and never unlocks: the thread ends with the goroutine
		ns, err := netns.GetFromPid(pid)
		if err == nil {
			err = errors.Join(netns.Set(ns), ns.Close())
		}
		if err == nil {
			l, err = net.Listen("tcp4", fmt.Sprintf(":%d", port))
		}
		made <- err
	}()
	if err := <-made; err != nil {
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
	pid := strconv.Itoa(first(ts, args[0]))
	within(ts, time.Second, func() bool {
		out, err := exec.Command("nsenter", "--target", pid, "--net", "--user", "--mount", "--root", "--wd=/", "--setuid", "0", "--setgid", "0",
			"timeout", "0.4", "bash", "-c", "exec 3<>/dev/tcp/"+args[1]+"/"+args[2]+" && head -c 5 <&3").Output()
		return (err == nil && string(out) == "hello") != neg
	}, func() { ts.Fatalf("%s to %s, port %s: want it reached: %t", args[0], args[1], args[2], !neg) })
}
