// Package connector reaches directories that somebody else keeps, Active
// Directory or Samba, over LDAP with TLS: AD Connector's other side. A directory
// is found by DNS, as its members find it (SRV records of the domain
// controllers, asked of the addresses that the customer gave), and asked as the
// customer's service account. A person is proved by a bind with their password.
//
// TLS is STARTTLS at the port that DNS names, or LDAPS at 636. The servers' keys
// are kept when the directory is connected, and only those, or a certificate
// that the machine's own roots vouch for, are believed later: domain controllers
// mostly have certificates of a private authority, and no password goes to a
// stranger after the first time. Where authorities are given it is LDAPS alone, and
// only servers for which one of them vouches.
//
// A connection is held open for the service account and used by one question at
// a time; those of persons live for one question.
package connector
