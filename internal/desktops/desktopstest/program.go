package desktopstest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Program builds the binary that is process 1 of tests' desktops, in a folder of
// its own, which the caller removes.
func Program() (string, error) {
	dir, err := os.MkdirTemp("", "testinit")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o755); err != nil { // people of the desktops run it too
		return "", err
	}
	exe := filepath.Join(dir, "testinit")
	cmd := exec.Command("go", "build", "-buildvcs=false", "-o", exe, "tamachi/internal/desktops/local/testinit")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build testinit: %w: %s", err, out)
	}
	return exe, nil
}
