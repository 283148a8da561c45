// Package doctor is "tamachi diagnose desktop": what is broken inside a desktop
// (profile, shell, clock, disk, logon script, files of the system), what was
// installed lately, and the ladder of repairs from check to recreate, each rung
// with what it loses. Each rung but check is applied as a plan; what it did is in the
// plan's record, and shown when the desktop is looked at again.
package doctor
