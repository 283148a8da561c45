// Package tamachi is the room of the plane's own service: what AWS has no API
// for but must be authorized and recorded like everything else.
//
// OpenDesktop hands out single-use tickets to desktops. Their other half is in
// package webaccess, which redeems them in the browser and asks this room who
// a session belongs to. Tickets and session secrets are 256 random bits; the
// store holds SHA-256 hashes of them only, so that a copy of the data folder
// opens no desktop.
//
// Each display stream is a record: who looked at which desktop, with what, from
// where, how long and why it ended; streams that were refused and sign-ins that
// failed are too. Records are kept for 400 days, refusals for 30, of which at
// most 30 a minute are kept: strangers must not fill a disk. The end of a
// stream whose plane was killed is the plane's next start. EndDesktopSession
// ends a stream and what let its browser in.
//
// CompareInventory answers what changed on nodes between two moments, from the
// history that the room of inventory keeps, under the right to read inventory.
//
// DescribeDesktopHistory tells what happened to a desktop, also when it is gone,
// and DescribeDesktopUsage how long desktops ran in a month, both under the
// right to describe desktops.
//
// CheckNode answers `tamachi node check` on a managed node, for the node itself.
//
// There is no AWS service of this name. The action that is authorized is
// workspaces:Stream (Service Authorization Reference, "Actions, resources, and
// condition keys for Amazon WorkSpaces") on the WorkSpace itself, where AWS has
// it on the directory: a policy can allow a person one desktop.
package tamachi
