// Package printing is "tamachi diagnose printing": whether somebody may print
// from their desktop, which rule decides that, which others it overrules, and how
// a change is asked for. On a plane the rules are its desktop policies; on AWS
// printer redirection is a matter of Group Policy, which no call tells, and the
// duty says so. It changes nothing.
package printing
