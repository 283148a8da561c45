// Package maintenance says when work on desktops and nodes is to be expected:
// the nights of WorkSpaces' own maintenance, by its rules, and the maintenance
// windows of Systems Manager, as the account has them.
package maintenance
