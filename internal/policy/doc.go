// Package policy answers "may they?" from policy documents alone: pure, no
// clock, no store, no network.
//
// Today it knows what a session policy of the plane may hold: statements with
// Effect, Action or NotAction, Resource or NotResource, and wildcards. A
// document with anything else (Condition, Principal) is refused when it is
// parsed, never silently ignored: a condition that is not evaluated would
// grant more than its author wrote.
//
// Source: IAM User Guide, "IAM JSON policy elements reference" and "Policy
// evaluation logic".
package policy
