// Package console serves the web console: pages that are built from the folder
// console of this repository and embedded.
//
// The console is an AWS client like any other. It runs in the browser, signs
// its calls with the credentials of who is signed in, and sends them to the
// plane that served it; nothing here knows who that is or answers a call. The
// files are public and the same for everybody.
//
// Files whose names tell their contents are kept by browsers for ever; the page
// that names them is asked for each time. All lie compressed in the binary and
// go out so.
package console
