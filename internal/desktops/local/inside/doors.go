package inside

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"

	"tamachi/internal/desktops"
)

// openDoors opens the doors that process 1 waits at. A desktop without one is
// one all the same.
func openDoors(signals string) {
	if err := openPrinter(signals); err != nil {
		fmt.Fprintf(os.Stderr, "the printer does not work: %v\n", err)
	}
	if err := openMicrophone(signals); err != nil {
		fmt.Fprintf(os.Stderr, "the microphone does not work: %v\n", err)
	}
}

// openDoor listens at a door, a socket beside the display's.
func openDoor(signals string, d desktops.Door) (net.Listener, error) {
	path := filepath.Join(signals, filepath.Dir(Socket), string(d))
	if err := owned(filepath.Dir(path), person); err != nil {
		return nil, err
	}
	l, err := listenAt(path, 0o600)
	if err != nil {
		return nil, err
	}
	if err := os.Chown(path, person, person); err != nil { // a relay comes as who has the folder anyway
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func listenAt(path string, mode os.FileMode) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	l, err := new(net.ListenConfig).Listen(context.Background(), "unix", path)
	if err != nil {
		return nil, fmt.Errorf("listen at %s: %w", path, err)
	}
	return l, os.Chmod(path, mode)
}
