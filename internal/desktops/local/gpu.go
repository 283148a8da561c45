package local

import (
	"io/fs"
	"strings"
)

// gpus are the device files of a machine's GPUs below its /dev: the render nodes
// of the kernel's DRM (Linux documentation, "DRM Userland Interfaces"), and those
// of NVIDIA's own driver.
func gpus(dev fs.FS) (found []string) {
	for _, pattern := range []string{"dri/renderD[0-9]*", "nvidia[0-9]*"} {
		names, _ := fs.Glob(dev, pattern) // it fails for a malformed pattern only
		for _, name := range names {
			if st, err := fs.Stat(dev, name); err == nil && st.Mode()&fs.ModeCharDevice != 0 {
				found = append(found, "/dev/"+name)
			}
		}
	}
	return found
}

// noGPU says why no desktop gets a GPU: there is none, or it stays the host's.
// A desktop draws by Xvnc, in memory, and its namespaces have no device of the
// host.
func noGPU(found []string) string {
	if len(found) == 0 {
		return "this host has none"
	}
	return "that of this host (" + strings.Join(found, ", ") + ") is not given to desktops"
}
