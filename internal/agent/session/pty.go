package session

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// openTerminal makes a pseudo terminal: what is written to the master is typed
// at the slave. Source: pts(4).
func openTerminal(own who) (master, slave *os.File, err error) {
	master, err = os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("make a terminal: %w", err)
	}
	path, err := unlock(master)
	if err == nil {
		slave, err = os.OpenFile(path, os.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	}
	if err == nil && own.credential != nil {
		if err = os.Chown(path, int(own.credential.Uid), -1); err != nil {
			slave.Close()
		}
	}
	if err != nil {
		master.Close()
		return nil, nil, fmt.Errorf("make a terminal: %w", err)
	}
	return master, slave, nil
}

func unlock(master *os.File) (path string, err error) {
	err = onDescriptor(master, func(fd int) error {
		if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
			return err
		}
		n, err := unix.IoctlGetUint32(fd, unix.TIOCGPTN)
		path = fmt.Sprintf("/dev/pts/%d", n)
		return err
	})
	return path, err
}

// resize tells a terminal's programs how large it is.
func resize(master *os.File, cols, rows uint32) error {
	return onDescriptor(master, func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Col: uint16(min(cols, 9999)), Row: uint16(min(rows, 9999))})
	})
}

// onDescriptor uses a file's descriptor without making it block.
func onDescriptor(f *os.File, do func(fd int) error) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var inner error
	if err := raw.Control(func(fd uintptr) { inner = do(int(fd)) }); err != nil {
		return err
	}
	return inner
}
