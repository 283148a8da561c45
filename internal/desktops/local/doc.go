// Package local makes real desktops on this machine with nothing but the Linux
// kernel: each has its own user, pid, mount, network, ipc, uts and cgroup
// namespace, 65,536 ids of its own, a read-only image shared by all, a root
// volume over it, a user volume, an address, and limits.
//
// # What it promises
//
// Desktops are no children of the plane: they live on when it dies, and the
// next provider over the same folder finds them by process id, time of start,
// boot and user namespace. What a call has begun is finished by calling it
// again. Everything on the host carries "tm" and the id of the data folder,
// and only that is ever removed. Mounts are made in private mount namespaces,
// so the data folder is plain in the host's view; it is still only removed by
// package removal, which refuses to touch a tree with a mount in it.
//
// # What the plane must do
//
// Open raises a bridge. Listen on (Provider.PlaneAddr, Options.PlanePort) with
// TLS: that is the only thing of the host that a desktop can reach. The
// binary must be static (CGO_ENABLED=0), because it is process 1 of each
// desktop, and must call InitMain for its hidden subcommand desktop-init.
//
// # In the data folder
//
//	folder.json             the folder's id and range of addresses
//	desktops/<id>/          one desktop: desktop.json, run.json while it should run,
//	                        root and user (its volumes: folders, or files that
//	                        hold a file system), kept/ (the copy of them),
//	                        agent/ signals/ mount/, log
//	images/<id>/            what was captured: a layer over another image
//	trash/                  what is being removed
package local
