// Package webaccess shows a desktop in the browser.
//
// The way in is a single-use ticket URL. Opening it trades the ticket for a
// cookie that is good for that one desktop and moves on to the desktop's page,
// so that no secret stays in the address bar. The page runs noVNC (MPL-2.0,
// shipped unmodified) and speaks RFB (RFC 6143) over a WebSocket (RFC 6455),
// which this package joins to the provider's display stream. What the browser
// sends is looked at message by message, and what the display sends as far as
// the rules need it: looking only, and the clipboard's two directions, hold
// here, whatever the page does.
//
// A stream ends when its session is over or was ended, when its address, its
// user or its desktop is let in no more, and says so in the close reason.
//
// What the desktop plays goes over a WebSocket of its own, what it prints is a
// download for the session that it was printed in, and what an auditor records
// is a file (package recording) that a page plays; decision 0048 says how.
//
// Tickets and sessions are kept by whoever fills the Passes port; this package
// stores nothing. The page itself is public and holds no secret: its cookie is
// SameSite=Strict and would not be sent when the link was followed from a mail
// or a chat, but it is sent with the page's own requests, and those are checked.
package webaccess
