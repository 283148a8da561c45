// Package notice delivers notices. Post takes one within the transaction of
// what it tells of: from then on it survives the plane's end. It is handed to
// the sender until that takes it, with pauses that grow, or refuses it for good,
// or until it is days old; how it ended can be asked for.
//
// A plane that is killed between the sender's yes and its own note of that
// sends the notice once more, under the same Message-ID: SMTP has no better
// (RFC 5321, 6.1). Otherwise each is handed over once.
//
// What the sender has taken can come back, hours later: where bounces are
// collected, such a notice is Bounced, with the server's words.
//
// The texts may hold secrets (a one-time link), so they are sealed in the store
// and gone from it when the notice has ended.
package notice
