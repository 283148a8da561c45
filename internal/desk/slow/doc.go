// Package slow is "tamachi diagnose slow": why a desktop is slow. It compares the
// desktop's metrics with the thresholds of the desk's settings, asks the desktop
// itself which programs use it, reads the trail for what changed, and proposes
// the process to stop or one size up, with what that costs. The larger size it can
// ask for and apply, as a plan; beside that it changes nothing.
package slow
