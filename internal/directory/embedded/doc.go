// Package embedded is the directory server inside the plane: it speaks LDAP
// version 3 (RFC 4511) over the accounts and groups that the house keeps, on
// loopback with one address a directory and on the port of the plane.
//
// What it does: simple bind with the names that Active Directory accepts
// (distinguished name, user@domain, DOMAIN\user), search with filters, size
// limit, paged results (RFC 2696) and selection of attributes, "Who am I?"
// (RFC 4532), unbind and abandon. Whoever has not bound may read the root DSE
// and nothing else. Whatever would change an entry is refused with
// unwillingToPerform: accounts change through the plane's own API, which
// authorizes and records. There is TLS from the first octet and by StartTLS, and
// no SASL and no DNS.
//
// The addresses of the directories are for the plane's own processes. Other
// software and desktops come as guests of the plane's own port: with TLS whose
// server name begins with the directory's id, from the first octet or by
// StartTLS, before which a guest is told nothing and no password is looked at.
//
// What it promises: hostile input gets an error or a closed connection, never
// a panic, a hang or memory without bound. The limits are those of Limits.
package embedded
