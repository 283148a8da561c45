// Package resourcegroups is the room of AWS Resource Groups: names for queries
// over the tags of all resources of the plane, which Run Command and State
// Manager take as targets.
//
// It keeps the queries only. What a group holds is looked up when it is asked
// for, where the Tag Editor looks (port Resources).
//
// Where it differs from AWS:
//   - Groups are made of tags (TAG_FILTERS_1_0). There is no CloudFormation, so
//     its queries are refused, and so are groups with a service configuration,
//     whose members other services choose.
//   - A type that AWS has and the plane has not is taken and finds nothing.
//   - Directories and other resources without a type in CloudFormation's words
//     belong to no group, and those that never had tags neither.
//   - The wording of most refusals is ours: AWS does not say.
package resourcegroups
