// Package runcommand is the room of Run Command: a command is written down,
// its invocations are delivered to managed nodes by the delivery engine, and
// what the nodes report becomes their result. Nothing is answered that a node
// did not report.
//
// Besides AWS-RunShellScript it runs the documents that customers make, as far
// as nodes here can: schemas 1.2 and 2.2 with steps aws:runShellScript; a step
// for another platform is left out by the node. {{ssm:name}} is filled in when
// the command is sent, by the rights of the caller.
//
// Where it departs from AWS: documents with other steps are refused; output
// to S3 and CloudWatch Logs, notifications and alarms are refused, since there
// is nothing behind them yet; the WorkSpace's id (ws-...) names the node of its
// desktop, and answers name that node by its mi- id; a true result that arrives
// after an invocation was given up replaces the giving up.
//
// Sources: Systems Manager API Reference; User Guide, "Understanding command
// statuses" and "Send commands using targets and rate controls".
package runcommand
