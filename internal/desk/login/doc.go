// Package login finds out why somebody cannot sign in to their desktop. It
// goes the way of a sign-in, fact by fact, and stops at the first that is not
// as it must be; a name that is nowhere is compared with those that are there.
// It reads only, with AWS's calls, so it works on a real account too.
package login
