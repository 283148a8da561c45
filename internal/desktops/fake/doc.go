// Package fake is a desktop provider in memory. It passes the suite of
// package desktopstest: its displays speak RFB, its volumes hold files, a
// second provider over the same World finds the desktops of the first. Faults
// are part of it, so that a test can make the second start fail, let a display
// die, or hold a create for as long as it likes.
package fake
