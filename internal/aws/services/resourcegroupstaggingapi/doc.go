// Package resourcegroupstaggingapi is the room of the Resource Groups Tagging
// API, which AWS's console shows as Tag Editor: the tags of all resources of
// all rooms, found and changed in one place. It keeps nothing itself.
//
// What has tags comes from the rooms, by the port Room. A change of tags goes
// through the gate to the tagging operation of the resource's own service, in
// the caller's name: who may not tag the resource there may not here, and the
// trail shows both calls, as on AWS.
//
// Where it differs from AWS:
//   - Resources that had tags once and have none now are not returned.
//   - Tag policies are not known: GetResources refuses the two members that ask
//     for compliance, and the operations on reports, summaries and required
//     tags are not in the table.
//   - IAM users and roles are found and tagged too; AWS's API knows only the
//     other resources of IAM.
//   - A filter by a type of resource that the plane does not have finds
//     nothing; AWS refuses the services that its API does not know.
//   - A bucket's tags are read, then written, as S3 has no call that changes
//     one of them; of two callers who change a bucket's tags at the same moment
//     one may undo the other's change. Whether AWS prevents that is not known.
//   - Records of the calls that the room makes name tagging.amazonaws.com as
//     invokedBy, after the service's endpoint; AWS does not document the name.
//   - The length of a page of keys or values (100), the default for resources
//     (50) and the wording of most refusals are ours: AWS does not say.
package resourcegroupstaggingapi
