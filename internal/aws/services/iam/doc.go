// Package iam is the room of who there is in an account and what they may do:
// users, groups, roles, their keys, passwords, second factors and policies.
//
// Names are unique in an account without regard to case, and found in any case
// (IAM User Guide, "IAM identifiers"). Everything else points at a user, group,
// role or policy by its unique id, so that a rename moves nothing.
//
// It drives the real thing: a long-term key that is made inactive or deleted
// here stops signing at the next call, codes of virtual MFA devices are those
// of RFC 6238, passwords are kept as slow hashes.
//
// Departures from AWS: changes are seen at once, where AWS's IAM is
// eventually consistent, and LastUsed facts are kept within a minute. Last-accessed
// reports are made from the trail; what the trail does not record, such as calls
// on the objects of S3, counts for the service since this version runs, and for no
// action. Reports of organizations are not offered.
// Server and signing certificates, SSH keys and service-specific credentials
// are not offered.
package iam
