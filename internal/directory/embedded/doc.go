// Package embedded is the directory server inside the plane: it speaks LDAP
// version 3 (RFC 4511) on loopback, one address a directory, over the accounts
// and groups that the house keeps.
//
// What it does: simple bind with the names that Active Directory accepts
// (distinguished name, user@domain, DOMAIN\user), search with filters, size
// limit, paged results (RFC 2696) and selection of attributes, "Who am I?"
// (RFC 4532), unbind and abandon. Whoever has not bound may read the root DSE
// and nothing else. Whatever would change an entry is refused with
// unwillingToPerform: accounts change through the plane's own API, which
// authorizes and records. There is no TLS, no SASL and no DNS: the server is
// for the plane's own processes on the same machine.
//
// What it promises: hostile input gets an error or a closed connection, never
// a panic, a hang or memory without bound. The limits are those of Limits.
package embedded
