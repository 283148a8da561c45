// Package automation is the room of Automation: runbooks (documents of the type
// Automation) that are carried out step by step, on the plane, in the name of a
// role or of whoever started them.
//
// It drives what the rest of the plane offers: a step sends commands to nodes,
// makes calls of the API through the gate, starts other runbooks, waits for time,
// for a property or for people. Every step is written down before its call is
// made, with the id that the call will have: after a kill the trail says whether
// it was made, so that none is made twice.
//
// Where it differs from AWS:
//   - Steps are of the actions that actions.go lists. A runbook with another one,
//     such as aws:executeScript, can be stored and is refused when it is started.
//   - An execution that acts with its starter's own rights has the rights that the
//     starter has while it runs. What ended meanwhile (a user, a session) is refused.
//   - A step that runs again, because a branch leads back to it, replaces what it
//     left before.
//   - Targets that are tags mean managed nodes; other locations (TargetLocations)
//     are refused. MaxErrors counts as for commands.
//   - A runbook's parameters are held against its declarations as those of commands
//     are, in the same words.
//
// Sources: Systems Manager API Reference; User Guide, "Systems Manager Automation
// actions reference", "Understanding automation statuses", "Control automations
// at scale".
package automation
