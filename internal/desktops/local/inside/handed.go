package inside

import (
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// handed is a file that this process was started with, by its number. It is
// read and written without an os.File: that one would close the number when it
// is collected, which by then may be the number of another file.
type handed int

// Read reads from where the file stands.
func (h handed) Read(p []byte) (int, error) {
	return whole(p, func() (int, error) { return unix.Read(int(h), p) })
}

// ReadAt reads from a place and leaves the file where it stands.
func (h handed) ReadAt(p []byte, at int64) (int, error) {
	n, err := whole(p, func() (int, error) { return unix.Pread(int(h), p, at) })
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, err
}

// Write writes everything, or says why not.
func (h handed) Write(p []byte) (written int, err error) {
	for written < len(p) {
		n, err := unix.Write(int(h), p[written:])
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return written, err
		}
		written += n
	}
	return written, nil
}

// whole repeats a read that a signal cut off.
func whole(p []byte, read func() (int, error)) (int, error) {
	for {
		n, err := read()
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return 0, err
		case n == 0 && len(p) > 0:
			return 0, io.EOF
		}
		return n, nil
	}
}

// handOn makes files for a child out of those that this process was handed:
// copies, which may be closed without touching the originals.
func handOn(all ...int) (files []*os.File, err error) {
	for _, fd := range all {
		again, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
		if err != nil {
			shut(files)
			return nil, fmt.Errorf("hand on file %d: %w", fd, err)
		}
		files = append(files, os.NewFile(uintptr(again), "handed on"))
	}
	return files, nil
}

func shut(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}
