// Package directoryservicedata is the room of AWS Directory Service Data: the
// users of a directory. The real thing behind it are the accounts that the
// embedded directory server answers for: whoever is disabled here is refused
// by the next LDAP bind.
//
// The room owns the users, their passwords included (sealed by PBKDF2, never
// in clear); which directories there are is the business of directoryservice,
// which asks this room to make accounts and to set passwords within its own
// transactions.
//
// Where it differs from AWS:
//   - AWS serves Managed Microsoft AD only and must be switched on for each
//     directory. Here it serves every directory of the plane, which are of the
//     Simple AD kind, and is always on.
//   - A user's object is CN=<name>,CN=Users below the domain, as in Simple AD,
//     and takes effect at once: there is one domain controller.
//   - DeleteUser refuses the built-in Administrator, as a domain controller does.
//     A deleted user's desktops stay and are to be terminated.
//   - OtherAttributes takes the attributes of the table in attribute.go.
//   - There are no trusts: a Realm other than the directory's own is unknown.
package directoryservicedata
