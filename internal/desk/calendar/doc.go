// Package calendar is the calendar of maintenance that people subscribe to: the
// nights of WorkSpaces' own maintenance, the windows of Systems Manager, and
// plans that are to be applied at a time.
//
// `tamachi calendar update`, by a schedule, reads the accounts and keeps what it
// saw; `tamachi notice serve` gives that out under an address that nobody
// guesses, and it can be written into a file. What is kept is what makes the feed
// one that programs can follow (RFC 5545): an event keeps its UID, each change
// raises its SEQUENCE, and one that is called off stays for a while as
// CANCELLED, or those who have it would keep it. What could not be asked stays
// as it was.
package calendar
