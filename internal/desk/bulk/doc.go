// Package bulk is what an operator does to desktops by name: start, stop,
// reboot, restore, rebuild and terminate them, and change when they run. Each is
// a plan, from the terminal and from the console alike, which says of every
// desktop how it stands, whom it concerns and what would be lost; desktops that
// AWS would refuse are left out and named.
package bulk
