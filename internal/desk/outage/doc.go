// Package outage finds that many sessions ended at once, and makes one incident of
// it: who, in which directory and subnet, since when, and who is not back. Those
// who are not can be helped by a reboot of their desktops, as a plan.
//
// It sees what CloudWatch and WorkSpaces show: how many sessions of a desktop ended
// in a minute (in five, on AWS), and who is connected now. Neither says why a
// session ended: who logs off counts as who is cut off. So an incident wants as
// many at once as the settings say, and at least a third of those who were
// connected.
package outage
