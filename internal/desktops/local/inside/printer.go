package inside

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"

	"tamachi/internal/clock"
	"tamachi/internal/desktops/local/printer"
)

const (
	// printerDoor is the socket of those who take documents, beside the
	// display's.
	printerDoor = "display/printer"
	// printerSocket is where programs look for CUPS (CUPS, client.conf(5):
	// the domain socket of ServerName).
	printerSocket = "/run/cups/cups.sock"
)

// openPrinter starts the desktop's printer, which costs nothing until somebody
// prints: two sockets that process 1 waits at.
func openPrinter(signals string) error {
	if err := os.MkdirAll(filepath.Dir(printerSocket), 0o755); err != nil {
		return err
	}
	programs, err := listenAt(printerSocket, 0o666)
	if err != nil {
		return err
	}
	door := filepath.Join(signals, printerDoor)
	if err := owned(filepath.Dir(door), person); err != nil {
		return err
	}
	takers, err := listenAt(door, 0o600)
	if err == nil {
		err = os.Chown(door, person, person) // a relay comes as who has the folder anyway
	}
	if err != nil {
		return errors.Join(err, programs.Close())
	}
	go func() { // ends with the desktop
		err := printer.New(clock.Real{}).Listen(programs, takers)
		fmt.Fprintf(os.Stderr, "the printer has ended: %v\n", err)
	}()
	return nil
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
