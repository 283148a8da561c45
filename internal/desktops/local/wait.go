package local

import (
	"context"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// waiter waits until one of several descriptors is readable, without holding a
// thread: an epoll descriptor is itself one that the runtime can wait for.
type waiter struct {
	fd   int
	file *os.File
}

func newWaiter(fds ...int) (*waiter, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("make a waiter: %w", err)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		unix.Close(fd)
		return nil, err
	}
	w := &waiter{fd: fd, file: os.NewFile(uintptr(fd), "waiter")}
	for _, f := range fds {
		if err := w.add(f); err != nil {
			w.close()
			return nil, err
		}
	}
	return w, nil
}

func (w *waiter) close() { w.file.Close() }

func (w *waiter) add(fd int) error {
	return unix.EpollCtl(w.fd, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
}

func (w *waiter) remove(fd int) error {
	return unix.EpollCtl(w.fd, unix.EPOLL_CTL_DEL, fd, nil)
}

// wait returns when a descriptor is readable, or the context's error.
func (w *waiter) wait(ctx context.Context) error {
	if err := w.file.SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = w.file.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	raw, err := w.file.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Read(func(fd uintptr) bool {
		events := make([]unix.EpollEvent, 64)
		n, err := unix.EpollWait(int(fd), events, 0)
		if err == unix.EINTR {
			n, err = 0, nil
		}
		failed = err
		return err != nil || n > 0
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil {
		err = failed
	}
	return err
}

// watchFolder returns an inotify descriptor that tells when entries of a
// folder come and go; the caller closes it.
func watchFolder(path string) (int, error) {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return -1, fmt.Errorf("watch a folder (is fs.inotify.max_user_instances too low?): %w", err)
	}
	if _, err := unix.InotifyAddWatch(fd, path, watched); err != nil {
		unix.Close(fd)
		return -1, fmt.Errorf("watch %s: %w", path, err)
	}
	return fd, nil
}

const watched = unix.IN_CREATE | unix.IN_MOVED_TO | unix.IN_DELETE | unix.IN_MOVED_FROM | unix.IN_ONLYDIR

// drain reads away what an inotify or event descriptor has to say.
func drain(fd int) {
	buf := make([]byte, 16<<10)
	for {
		if n, err := unix.Read(fd, buf); n <= 0 || err != nil {
			return
		}
	}
}
