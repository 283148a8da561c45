// Package eximtest runs Debian's mail server, Exim, for tests: a relay behind
// which nobody of ours stands. It listens on the loopback alone, its
// configuration, queue, log and mailboxes are in a folder of its own, and it is
// started and stopped by its process id. It needs root and the Debian package
// exim4-daemon-light; the machine's own Exim, where there is one, is another.
package eximtest
