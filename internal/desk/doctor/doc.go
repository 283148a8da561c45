// Package doctor is "tamachi diagnose desktop": what is broken inside a desktop
// (profile, shell, clock, disk, logon script, files of the system), what was
// installed lately, and the ladder of repairs from check to recreate, each rung
// with what it loses. Restart, restore and rebuild are applied as plans; what a
// rung did is in the plan's record.
package doctor
