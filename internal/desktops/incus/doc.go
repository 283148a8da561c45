// Package incus makes desktops as containers of an Incus server, here by its
// unix socket or elsewhere by mutual TLS. It speaks the server's REST API and
// keeps nothing of its own but the name of its project.
//
// # What is where
//
// All that belongs to a data folder is in one project of the server,
// tamachi-<id>:
//
//	volume <ws-id>-user    the home; its configuration holds the desktop's
//	                       record: it is made first and removed last
//	volume <ws-id>-node    the agent's folder, outside root volume and copies
//	instance <ws-id>       the root volume; a rebuild or a restore makes a new one
//	instance <ws-id>-k<n>  the kept copy of it, with snapshot k<n> of the home
//	instance <wsi-id>      a captured image: a stopped container to copy from
//
// Images of variants are in the default project, where all data folders share
// them; the bridge and its access list carry the name tm<id>.
//
// # How it knows
//
// The first process of a container is our own binary (package inside). It
// reads its plan from the server's guest socket, and tells there when the
// display answers: the instance is Ready then. While somebody watches, a tiny
// process in each desktop waits for a lock that is free when the display ends;
// the server's event of that operation is our word. Nothing is polled.
//
// Sound and printing come out as the display does, by a step of our binary in the
// container. Groups and policies are not carried out, and networks of the
// customer are not to be had; About says so.
package incus
