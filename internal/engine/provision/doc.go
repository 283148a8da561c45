// Package provision makes real what the workspaces room has written down: it
// creates, starts, stops, rebuilds, reboots and removes desktops through a
// provider, and tells the room how it ended.
//
// It is driven by state, not by events: the feed, the provider's events and
// the start of the process only say which desktop to look at. What to do is
// read from the room's record at that moment, so an event that comes twice,
// late or not at all does no harm, and a crash is mended by looking at all
// desktops at the next start. One desktop is never worked on twice at a time.
package provision
