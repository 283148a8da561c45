package local

import (
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"
)

func TestGPUsAreFoundByTheirDevices(t *testing.T) {
	device, file := &fstest.MapFile{Mode: fs.ModeDevice | fs.ModeCharDevice | 0o666}, &fstest.MapFile{}
	for _, row := range []struct {
		name string
		dev  fstest.MapFS
		want []string
		says string
	}{
		{"nothing", fstest.MapFS{"null": device}, nil, "this host has none"},
		{"a display without a renderer", fstest.MapFS{"dri/card0": device}, nil, "this host has none"},
		{"files of such names", fstest.MapFS{"dri/renderD128": file, "nvidia0": file, "nvidiactl": device}, nil, "this host has none"},
		{"a render node", fstest.MapFS{"dri/card0": device, "dri/renderD128": device}, []string{"/dev/dri/renderD128"}, "that of this host (/dev/dri/renderD128) is not given to desktops"},
		{"both drivers", fstest.MapFS{"dri/renderD129": device, "nvidia0": device}, []string{"/dev/dri/renderD129", "/dev/nvidia0"}, "that of this host (/dev/dri/renderD129, /dev/nvidia0) is not given to desktops"},
	} {
		if got := gpus(row.dev); !slices.Equal(got, row.want) || noGPU(got) != row.says {
			t.Errorf("%s: want %q, %q; got %q, %q", row.name, row.want, row.says, got, noGPU(got))
		}
	}
}
