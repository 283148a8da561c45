// Package runcommand is the room of Run Command: a command is written down,
// its invocations are delivered to managed nodes by the delivery engine, and
// what the nodes report becomes their result. Nothing is answered that a node
// did not report.
//
// It runs the documents of owner Amazon and those that customers make. What a
// node makes of a step that is not for it, or that it does not know, the node
// says. {{ssm:name}} is filled in when the command is sent, by the rights of the
// caller.
//
// Where it departs from AWS: the WorkSpace's id (ws-...) names the node of its
// desktop, and answers name that node by its mi- id.
//
// Sources: Systems Manager API Reference; User Guide, "Understanding command
// statuses" and "Send commands using targets and rate controls".
package runcommand
