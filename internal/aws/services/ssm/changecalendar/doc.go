// Package changecalendar is the room of Change Calendar: whether calendars are
// open at a time, and when that changes. The calendars are documents of the
// type ChangeCalendar, which the room of documents keeps; associations wait for
// them.
//
// Its reader is for iCalendar data of strangers, so that nothing in it costs
// more than a number of days looked at (package ical reads the lines, rrule-go
// the rules, decision 0029 says why not more). Understood are events with
// DTSTART, DTEND or DURATION, RRULE by day, week, month or year, RDATE, EXDATE
// and moved occurrences (RECURRENCE-ID), in the zones of the IANA database or
// with one fixed offset. Anything else in an event is an
// UnsupportedCalendarException.
//
// Where it departs from AWS: NextTransitionTime is looked for five years ahead;
// a calendar that takes more work than half a million days looked at is
// unsupported.
//
// Sources: Systems Manager API Reference, "GetCalendarState"; User Guide, "AWS
// Systems Manager Change Calendar"; RFC 5545.
package changecalendar
