package inside

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/image"
)

// most is how much of what is heard waits for a program: 170 ms, of which the
// kernel makes whole pages. What comes then is left out.
const most = 16 << 10

// openMicrophone brings what comes in at the door to the programs that listen.
// It costs nothing until somebody speaks.
func openMicrophone(signals string) error {
	door, err := openDoor(signals, desktops.Microphone)
	if err != nil {
		return err
	}
	e := &ear{pipe: image.Heard}
	go func() { // ends with the desktop
		for {
			conn, err := door.Accept()
			if err != nil {
				fmt.Fprintf(os.Stderr, "the microphone has ended: %v\n", err)
				return
			}
			go e.hear(conn) // ends with the connection
		}
	}()
	return nil
}

// ear writes what is said into a pipe.
type ear struct {
	pipe string

	mu      sync.Mutex
	speaker net.Conn // guarded by mu; who is heard, nil: whoever speaks next
	out     int      // guarded by mu; the pipe, 0 where nobody reads it
}

// hear takes what one says until it ends.
func (e *ear) hear(conn net.Conn) {
	defer conn.Close()
	defer e.end(conn)
	b := make([]byte, 4096)
	for rest := 0; ; { // the first half of a sample that was cut
		n, err := conn.Read(b[rest:])
		n += rest
		rest = n % 2
		e.write(conn, b[:n-rest])
		b[0] = b[max(n-1, 0)]
		if err != nil {
			return
		}
	}
}

func (e *ear) end(conn net.Conn) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.speaker == conn {
		e.speaker = nil
	}
}

// write puts samples into the pipe, or drops them: where another is heard, where
// no program listens, and where the one that does is late.
func (e *ear) write(conn net.Conn, b []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.speaker == nil {
		e.speaker = conn
	}
	if e.speaker != conn || len(b) == 0 || !e.open() {
		return
	}
	if _, err := unix.Write(e.out, b); errors.Is(err, unix.EPIPE) {
		_ = unix.Close(e.out)
		e.out = 0
	}
}

// open opens the pipe, if a program reads it. Its folder is the user's, who could
// put something else there.
func (e *ear) open() bool {
	if e.out != 0 {
		return true
	}
	fd, err := unix.Open(e.pipe, unix.O_WRONLY|unix.O_NONBLOCK|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return false
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil || st.Mode&unix.S_IFMT != unix.S_IFIFO {
		_ = unix.Close(fd)
		return false
	}
	_, _ = unix.FcntlInt(uintptr(fd), unix.F_SETPIPE_SZ, most) // at its usual size it is later, and works
	e.out = fd
	return true
}
