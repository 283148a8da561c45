// Package cloudtrail is the room of the trail: every management call of the
// plane, found again by LookupEvents, and the recorder through which the gate
// writes them.
//
// The record of a change is written in the transaction of the change. Records
// of successful reads, and the response elements of a change, are gathered and
// written together, at most a second or a thousand records later; a crash in
// between loses those alone.
//
// Where it departs from AWS: events are kept and looked up for 400 days instead
// of 90; an event's id is a UUID of version 7, so that an id tells when its
// event was.
package cloudtrail
