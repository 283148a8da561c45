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
// A recording of a desktop's screen is begun, stopped, played, exported and
// deleted under rights of its own (tamachi:RecordDesktop,
// tamachi:PlayDesktopRecording and so on, on the WorkSpace), which no AWS policy
// grants by accident. The room holds the facts, also of deleted ones for 400
// days; the pictures are files of package webaccess, which records as one more
// client of the display and asks the room what is Due.
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
// An invitation is asked for in the transaction in which a desktop is ready for
// the first time, or by SendInvitation; Upkeep asks the directory for the
// person's address and posts the mail. Its link sets the password once, within
// seven days (AcceptInvitation, called by the page in the service's name, so
// that it is in the trail); the store has the hash of its secret only. A person
// of a directory that the plane is only connected to gets no link, as on AWS:
// the password is that directory's. Unlike AWS, they get the mail by
// themselves too.
//
// Desktop policies are rules of a directory for all, for those below an OU, in a
// group, or for one user: the narrowest decides, and ExplainDesktopPolicies says
// which did (AWS leaves this to group policy objects of the domain). Clipboard,
// sound, microphone and printing are carried out in sessions; wallpaper, logon script
// and allowed software by the desktop when it next starts. Their checks are on the
// directory's streaming properties, the nearest that AWS has.
//
// AddTemporaryGroupMember makes somebody member of a group until a time. It calls
// AddGroupMember in the caller's name, and at that time RemoveGroupMember as
// ds.amazonaws.com. Whoever is taken out before and put back by others is taken
// out all the same.
//
// There is no AWS service of this name. The action that is authorized is
// workspaces:Stream (Service Authorization Reference, "Actions, resources, and
// condition keys for Amazon WorkSpaces") on the WorkSpace itself, where AWS has
// it on the directory: a policy can allow a person one desktop.
package tamachi
