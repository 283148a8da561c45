// Package share is "tamachi diagnose share": why a desktop does not reach a file
// server. The desktop itself is asked which DNS servers it has, what they answer
// about the server's name, and whether TCP 445 takes a connection. It changes
// nothing.
package share
