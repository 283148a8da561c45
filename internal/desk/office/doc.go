// Package office is the sample office of the first source document: a
// directory with its people, their desktops, and a night batch after which two
// desktops are in ERROR.
//
// Everything is made by API calls, as anybody could make them. The ERROR is
// not staged: the batch disables the account that joins desktops to the
// directory, so the joins are really refused, and sets its password afterwards,
// which enables it again. A second run keeps what is there; Down removes only
// what the record on this machine says was made here.
package office
