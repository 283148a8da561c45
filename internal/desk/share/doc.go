// Package share is "tamachi diagnose share": why a share of a file server does not
// open. The desktop itself is asked which DNS servers it has, what they answer about
// the server's name, and whether TCP 445 takes a connection; the directory whether
// the user's account is enabled; and the desktop whether the logon script, which
// maps drives, is there. It changes nothing.
package share
