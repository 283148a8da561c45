// Package image makes the read-only root images of desktops with mmdebstrap,
// on first use, and keeps them in a folder that several planes may share. An
// image is named by the hash of its recipe: a new recipe is a new image, and a
// desktop goes on with the one it was made from until it is rebuilt.
//
// The tests make the small image and desktops of it. The office image takes
// minutes and 1.5 GB: no test makes it, only its recipe is looked at.
package image

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Recipe is all that decides what is in an image.
type Recipe struct {
	Variant  string
	Suite    string
	Mirror   string
	Security string
	Packages []string
	Files    []File
	Answers  []string `json:",omitempty"` // to what packages ask, as debconf-set-selections(1) reads them
	Words    []string `json:",omitempty"` // languages in which programs speak; English is always there
	Last     []string `json:",omitempty"` // commands in the image when all packages are there
}

// File is a file that is put into the image after its packages.
type File struct {
	Path string
	Mode uint32
	Text string // a path that ends in a slash is a folder and has none
}

// The folders and files of an image that are mount points of a desktop.
const (
	Program  = "/usr/lib/tamachi/tamachi"  // our own binary
	Identity = "/var/lib/tamachi-agent"    // the agent's folder, outside the root volume
	Signals  = "/var/lib/tamachi-signals"  // what the desktop shows the provider: ready, the display's socket
	Homes    = "/home"                     // the user volume
	Windows  = "/usr/lib/tamachi/windows"  // starts the window manager and all that belongs to it
	Terminal = "/usr/lib/tamachi/terminal" // starts the first window
	Up       = "/usr/lib/tamachi/up"       // run by the window manager when it is up
	UpPipe   = "/run/tamachi/up"           // named pipe into which it tells so
)

// The repositories of Debian, used when the options name none.
const (
	defaultMirror   = "http://deb.debian.org/debian"
	defaultSecurity = "http://deb.debian.org/debian-security"
)

// small is enough for a display, a window manager and a terminal.
var small = []string{
	"ca-certificates", "cups-client", "fontconfig", "fonts-dejavu-core", "iproute2", "openbox", "procps", "pulseaudio",
	"sudo", "tigervnc-standalone-server", "xfonts-base", "xterm",
}

// Variants are the names of the images that can be made.
func Variants() []string { return []string{"office", "small"} }

// Of returns the recipe of a variant. mirror is the address of a Debian
// mirror; empty means Debian's own.
func Of(variant, mirror string) (Recipe, error) {
	r := Recipe{Variant: variant, Suite: "bookworm", Mirror: mirror, Security: mirror + "-security", Last: []string{knowFonts}}
	if mirror == "" {
		r.Mirror, r.Security = defaultMirror, defaultSecurity
	}
	switch variant {
	case "small":
		r.Packages, r.Files = small, files(windowsSmall, terminal, menu)
	case "office":
		r.Packages, r.Files, r.Answers, r.Words = office, officeFiles(), officeAnswers, []string{"ja"}
	default:
		return r, fmt.Errorf("there is no image variant %q; there are %s", variant, strings.Join(Variants(), " and "))
	}
	r.Packages = slices.Sorted(slices.Values(r.Packages))
	return r, nil
}

// Name is the variant and the hash of the recipe, such as small-0123456789ab.
func (r Recipe) Name() string {
	text, err := json.Marshal(r)
	if err != nil {
		panic("image: a recipe is always JSON: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return r.Variant + "-" + hex.EncodeToString(sum[:6])
}

// knowFonts reads the fonts once more: packages write into their folders after it
// was done first, and each new desktop would do it again, for half of all the
// processor time of its start.
const knowFonts = "fc-cache --system-only"

// sources are the lines of sources.list.
func (r Recipe) sources() []string {
	return []string{
		"deb " + r.Mirror + " " + r.Suite + " main",
		"deb " + r.Mirror + " " + r.Suite + "-updates main",
		"deb " + r.Security + " " + r.Suite + "-security main",
	}
}

// files are those of every image; windows starts the window manager, first the
// first window, and menu is what a click beside all windows offers.
func files(windows, first, menu string) []File {
	return []File{
		{Identity + "/", 0o700, ""},
		{"/etc/pulse/default.pa", 0o644, sound},
		{"/etc/pulse/client.conf.d/10-tamachi.conf", 0o644, "autospawn = yes\n"}, // Debian leaves that to systemd
		{Signals + "/", 0o755, ""},
		{"/usr/lib/tamachi/", 0o755, ""},
		{Program, 0o755, ""},
		{Windows, 0o755, windows},
		{Terminal, 0o755, first},
		{Up, 0o755, up},
		{"/etc/machine-id", 0o444, ""},
		{"/etc/xdg/openbox/menu.xml", 0o644, menu},
	}
}

// The window manager tells process 1 when it is up, by a word into the pipe
// Up: a window that is mapped before may never be seen.
const windowsSmall = `#!/bin/sh
exec openbox --startup "` + Up + `"
`

const up = `#!/bin/sh
echo up > ` + UpPipe + `
`

const terminal = `#!/bin/sh
exec xterm -ls -u8 -fa "DejaVu Sans Mono" -fs 11 -bg "#101820" -fg "#e8e8e8" -geometry 100x30+60+60 -title Terminal
`

const menu = `<?xml version="1.0" encoding="UTF-8"?>
<openbox_menu xmlns="http://openbox.org/3.4/menu">
<menu id="root-menu" label="Desktop">
  <item label="Terminal"><action name="Execute"><execute>` + Terminal + `</execute></action></item>
  <separator/>
  <item label="Reconfigure"><action name="Reconfigure"/></item>
</menu>
</openbox_menu>
`
