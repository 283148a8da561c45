// Package compliance is the room of Systems Manager Compliance: which managed
// nodes are as associations, patch baselines and customers' own rules want
// them, as agents and customers report it.
//
// Where it departs from AWS: filters of the two summaries that name an
// inventory attribute (AWS:InstanceInformation.PlatformName) are answered by
// the room of inventory as GetInventory answers them; PARTIAL replaces the items
// whose ids it names, of every type; a resource's severity is that of its worst
// item that is not compliant, or of its worst item when all are. What a scan of
// AWS-RunPatchBaselineAssociation said of its association stays when the agent
// reports that the run succeeded.
//
// Source: Systems Manager API Reference and User Guide, "Compliance".
package compliance
