// Package directoryservice is the room of AWS Directory Service: which
// directories there are, and the passwords in them. The real thing behind a
// directory is the naming context that the embedded directory server answers
// for over LDAP; the users in it are kept by directoryservicedata.
//
// The room also keeps each directory's service credential: the account, made
// by the plane, by which new desktops join, with its password. That password
// is needed for the bind and so is kept sealed, not hashed, in a record of its
// own that no operation shows; ResetUserPassword of that account replaces it
// in the same transaction.
//
// Where it differs from AWS:
//   - CreateDirectory makes a directory of the Simple AD kind, CreateMicrosoftAD
//     one of the Managed Microsoft AD kind; both are served by the same directory
//     server, and are Active when the call returns: what must be made is its naming context, and that
//     is in the same commit. Stage tells the directory's own health; a disabled
//     service account does not change it, as on AWS.
//   - EnableLDAPS has the plane ask a directory over LDAPS only, of servers that a
//     registered certificate vouches for: an AD Connector's domain controllers at
//     port 636, or the embedded server behind a Microsoft AD. Before, a connector
//     asks with STARTTLS and believes the keys that it saw first. Certificates
//     count at once, so they are Registered when the call returns; client
//     certificates (smart cards) are refused.
//   - Anybody asks the embedded server itself at ldaps://<directory-id>.<region>.<domain>,
//     at the plane's own port, or with StartTLS there; AWS has port 636 in a VPC.
//   - ConnectDirectory makes an AD Connector whose directory is found by DNS and
//     asked over LDAP with TLS. The connector has no addresses of its own, so
//     ConnectIps are not shown, and the plane itself must reach the directory.
//     Where AWS asks for Kerberos, a bind over TLS is enough.
//   - VpcSettings may be left out, as the API Reference says and AWS does not
//     in fact allow: the directory server is on loopback, in no VPC. The
//     two subnets that are given must be as AWS wants them, and cannot be deleted
//     while the directory is there. It has no interfaces in them, so
//     SecurityGroupId is not shown.
//   - DnsIpAddrs is not shown, since no DNS is served for the domain, and
//     neither is AccessUrl: awsapps.com is not ours.
//   - DeleteDirectory is done when the call returns. It refuses a directory that
//     was registered for desktops, which is when it has a service account.
//   - NetworkType can be IPv4 only.
//   - ResetUserPassword, being an administrator's, asks for length and kinds of
//     characters only; history and age count when people change their own.
//   - The second factor of people is an authenticator app (RFC 6238) whose secret
//     the room keeps sealed. Where EnableRadius was called,
//     its servers judge instead, by PAP or CHAP; MS-CHAP is refused. Trusts, sharing
//     and single sign-on are gaps.
package directoryservice
