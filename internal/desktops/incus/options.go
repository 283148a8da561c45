package incus

import (
	"net/netip"
	"regexp"

	"tamachi/internal/desktops/local/setup"
)

// Options are what a provider needs.
type Options struct {
	setup.Base
	// Server is unix:PATH or https://HOST:PORT, Keys the folder with client.crt,
	// client.key and server.crt for the latter, Pool the storage pool of the
	// desktops. "" is what the folder had the last time, else defaultServer and
	// "default".
	Server, Keys, Pool string
	// Plane is where desktops reach the plane; not valid, it is the address of
	// their bridge: right where the server is on this machine.
	Plane netip.Addr
}

// defaultServer is where Debian's Incus listens.
const defaultServer = "unix:/var/lib/incus/unix.socket"

var poolForm = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z_.-]{0,62}$`)
