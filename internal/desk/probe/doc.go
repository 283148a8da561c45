// Package probe asks a desktop itself: it finds the managed node that a desktop
// is, runs one of its packs there by Run Command, and reads what came back. A
// pack is written twice, for sh and for PowerShell, and both write the same
// form, which no language of the system changes: sections that begin with a line
// @@name, of lines with tabs between their fields. Only what Windows' own tools
// say in words (sfc) is read in the words of several languages.
//
// A pack reads only. What it is asked about (a host, a path) is checked before it
// comes into a script.
package probe
