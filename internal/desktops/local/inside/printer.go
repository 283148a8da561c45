package inside

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/printer"
)

// printerSocket is where programs look for CUPS (CUPS, client.conf(5): the domain
// socket of ServerName).
const printerSocket = "/run/cups/cups.sock"

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
	takers, err := openDoor(signals, desktops.Printer)
	if err != nil {
		return errors.Join(err, programs.Close())
	}
	go func() { // ends with the desktop
		err := printer.New(clock.Real{}).Listen(programs, takers)
		fmt.Fprintf(os.Stderr, "the printer has ended: %v\n", err)
	}()
	return nil
}
