// Package inventory is the room of Systems Manager Inventory: what software,
// services, networks and files managed nodes have, as their agents report it,
// and copies of it in S3.
//
// It drives no machine: agents collect (document AWS-GatherSoftwareInventory)
// and call PutInventory. AWS:InstanceInformation and AWS:Tag are made from what
// the room of managed nodes knows at the moment of the question.
//
// Where it departs from AWS: ResultAttributes takes every type, not
// AWS:InstanceInformation only; a deletion is done when DeleteInventory
// answers; LessThan and GreaterThan compare as Debian compares versions, which
// is right for numbers and dates too; filters on several attributes of one type
// must be met by one entry of it, so that "package X below version Y" can be
// asked; a filter NotEqual is met by an entry that has another value. What
// changed is kept as history (Changes), which AWS does not offer. A resource
// data sync writes a node's files anew when one of its types changed, not when
// only the time of collecting did. A sync of the type SyncFromSource is the list
// of Regions whose nodes ListNodes shows together; it is of one account
// (SingleAccountMultiRegions), and Explorer's OpsData is not there.
//
// Sources: Systems Manager API Reference; User Guide, "Metadata collected by
// inventory", "Working with custom inventory", "Creating a resource data sync
// for Inventory"; General Reference, "Systems Manager endpoints and quotas".
package inventory
