package volume

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// A loop device goes when the last that has it open lets go of it. Whoever asks
// for a file's device in that instant gets it, or another one, and no error.
func TestADeviceThatIsJustGoingIsNoError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "root")
	if err := os.WriteFile(path, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	const many = 4
	var all sync.WaitGroup
	for range many {
		all.Go(func() {
			for range 50 {
				device, err := attach(path)
				if err != nil {
					t.Errorf("want a device, got %v", err)
					return
				}
				device.Close()
				if device, err = bound(path); err != nil {
					t.Errorf("want the device or none, got %v", err)
					return
				}
				if device != nil {
					device.Close()
				}
			}
		})
	}
	all.Wait()
}
