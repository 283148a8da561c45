// Package directoryservicedata is the room of AWS Directory Service Data: the
// users and groups of a directory. The real thing behind them are the accounts
// that the embedded directory server answers for: whoever is disabled here is
// refused by the next LDAP bind, whoever joins a group has it in memberOf. For a
// directory that somebody else keeps, the operations ask and change that one
// over LDAP; both are a directory.Roster.
//
// The room owns the users of the plane's own directories, their passwords
// included (sealed, never in clear); which directories there are is the business
// of directoryservice, which asks this room to make accounts and to set
// passwords within its own transactions.
//
// Where it differs from AWS:
//   - AWS serves Managed Microsoft AD only and must be switched on for each
//     directory. Here it serves every directory of the plane, and is on until
//     DisableDirectoryDataAccess.
//   - A user's and a group's object is CN=<name>,CN=Users below the domain, as in
//     Simple AD, and takes effect at once: there is one domain controller. The
//     names of the accounts and groups that every domain begins with (krbtgt,
//     Domain Admins, ...) are taken, but those objects are not here to be shown:
//     nothing on the plane would obey them.
//   - DeleteUser refuses the built-in Administrator, as a domain controller does.
//     A deleted user's desktops stay and are to be terminated.
//   - OtherAttributes takes the attributes of the tables in attribute.go.
//   - An update without UpdateType replaces; a search finds whole values, without
//     regard to case. AWS documents neither.
//   - There are no trusts: a Realm other than the directory's own is unknown.
package directoryservicedata
