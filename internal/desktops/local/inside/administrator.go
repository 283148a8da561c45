package inside

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// What lets the user do everything: sudo(8), and a file of its rights. The user
// has no password in the desktop, so none is asked for.
const (
	sudoProgram = "/usr/bin/sudo"
	sudoRights  = "/etc/sudoers.d/tamachi"
)

// administer writes or takes away the user's right to do everything.
func administer(program, rights string, granted bool) error {
	if !granted {
		if err := os.Remove(rights); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	if _, err := os.Stat(program); err != nil {
		return fmt.Errorf("the desktop's image has no sudo: rebuild it from a newer image: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(rights), 0o750); err != nil {
		return err
	}
	return replace(rights, "#"+strconv.Itoa(person)+" ALL=(ALL:ALL) NOPASSWD: ALL\n", 0o440)
}
