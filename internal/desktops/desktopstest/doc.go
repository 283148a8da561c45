// Package desktopstest is the suite that every desktop provider passes, the
// fake included. It asks nothing but the vocabulary of package desktops and a
// few hooks with which a test does what no provider offers: kill the display
// server, look into a volume.
package desktopstest
