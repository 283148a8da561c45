// Package schedule reads the schedule expressions of Systems Manager and says
// when they come due: cron() with six fields or seven, rate() and at().
//
// The dialect is that of the Systems Manager User Guide, "Reference: Cron and
// rate expressions for Systems Manager": minutes, hours, day of month, month,
// day of week (1 is Sunday), year, with , - * / everywhere, ? in one of the two
// day fields, L and W in the day of month, L and # in the day of week, and the
// names JAN to DEC and SUN to SAT. An additional first field holds seconds.
//
// A range may run over the end of its field (FRI-MON, 22-2), except in years.
// L and # stand alone in their field, since the guide gives no meaning to a
// list of them; W stands with one day. A month without the day, such as 31W in
// April, has no run.
//
// In a time zone with daylight saving the wall clock decides, as the guide of
// EventBridge Scheduler says in "Schedule types": a time that does not exist on
// that day is skipped, and a time that comes twice counts at its first coming
// only. Days of a rate are 24 hours.
package schedule
