// Package morning is the morning check of a fleet of desktops: which desktops
// are in ERROR, why, and how to put them right with one command.
//
// Gather reads the facts, Judge makes findings of them without touching
// anything, Repair carries out a plan that was shown. A cause is named only
// where the facts bear it out; what an endpoint could not answer is said.
package morning
