package browser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"runtime"

	"github.com/vishvananda/netns"
)

// door lets the browser of a namespace of its own reach a server of this host: a
// listener within that namespace, at the server's own address. Chromium drops
// every connection when an interface of its network comes or goes, as those of
// desktops do (net::ERR_NETWORK_CHANGED); in there none does.
func (b *Browser) door(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || b.doors == nil || b.doors[u.Host] != nil {
		return err
	}
	l, err := listenIn(b.cmd.Process.Pid, u.Host)
	if err != nil {
		return fmt.Errorf("let the browser reach %s: %w", u.Host, err)
	}
	b.doors[u.Host] = l
	go pass(l, u.Host)
	return nil
}

// listenIn listens in the network of a process.
func listenIn(pid int, addr string) (l net.Listener, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread ends here, in whatever network it is
		var ns netns.NsHandle
		if ns, err = netns.GetFromPid(pid); err != nil {
			return
		}
		if err = errors.Join(netns.Set(ns), ns.Close()); err == nil {
			l, err = new(net.ListenConfig).Listen(context.Background(), "tcp", addr)
		}
	}()
	<-done
	return l, err
}

// pass carries each connection on to the same address of this host.
func pass(l net.Listener, addr string) {
	for {
		from, err := l.Accept()
		if err != nil {
			return // closed
		}
		to, err := new(net.Dialer).DialContext(context.Background(), "tcp", addr)
		if err != nil {
			from.Close()
			continue
		}
		go carry(from, to)
		go carry(to, from)
	}
}

func carry(from, to net.Conn) {
	_, _ = io.Copy(to, from) // an end of one side is told to the other, and that is all
	from.Close()
	to.Close()
}
