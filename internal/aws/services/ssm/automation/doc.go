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
//   - What a step takes out of an answer is shown by GetAutomationExecution and kept
//     as it is, a decrypted SecureString too: whoever writes a runbook decides.
//   - A step that runs again, because a branch leads back to it, replaces what it
//     left before.
//   - What one execution takes is bounded (limits.go): after 1,000 attempts of steps
//     it makes one a second, after 86,400 it fails; the inputs and outputs of its
//     steps and its variables have 1 MiB together, beyond which a step fails and
//     outputs of the runbook are left out.
//   - An execution that aws:executeAwsApi starts has no parent and takes a place of
//     its own; those that aws:executeAutomation and targets start take none. All
//     that are open are 5,000 at most in an account and a Region.
//   - All sessions of a role are one approver. Targets can't give the role that an
//     automation assumes.
//   - A call of a step is made once where CloudTrail records it as a management
//     event that changes something; reads and calls of data planes, such as a
//     message to a topic, may be made again after a kill.
//   - Targets that are tags mean managed nodes; other locations (TargetLocations)
//     are refused. MaxErrors counts as for commands.
//   - A runbook's parameters are held against its declarations as those of commands
//     are, in the same words.
//
// Sources: Systems Manager API Reference; User Guide, "Systems Manager Automation
// actions reference", "Understanding automation statuses", "Control automations
// at scale".
package automation
