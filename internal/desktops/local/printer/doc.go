// Package printer is the printer in a desktop: its paper comes out in the
// browser of the desktop's user.
//
// It speaks IPP (RFC 8010 and 8011) on the socket at which programs look for
// CUPS, with the few of CUPS's own operations by which they list printers, and
// takes PDF, which GTK, Qt and LibreOffice send. No scheduler, spool or filter
// runs in the desktop: a document goes straight through the door to whoever
// looks at the desktop, and the program is told that it is printed once it is
// there. Where nobody looks, or a policy does not allow it, the printer says
// why it takes nothing.
package printer
