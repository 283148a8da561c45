// Package policy answers "may they?" from policy documents alone: pure, no
// clock, no store, no network. The plane's gate and the desk both use it.
//
// A document is parsed once (Parse for what belongs to a principal,
// ParseResource, ParseTrust, ParseSCP, ParseRCP), and what holds together is
// compiled into a Set once, with an index of the statements by action. Decide
// then decides any number of requests by all Policies that hold them, and says
// which type of policy denies; Explain decides the same and says why in every
// detail. Both know every element of a statement, every condition operator and
// policy variables. What is not part of the language is refused when it is
// parsed, with its place. The rules, and our reading where AWS's pages leave a
// question open, stand at Decision.
//
// One rule is not bent: a statement that is about the request and names a
// condition key or a variable that the Context cannot vouch for makes the
// decision an explicit deny that says so. Skipping the statement would turn a
// Deny into an allow.
//
// Package reference below decides the same slowly and literally, written from
// AWS's pages without reading this one; random requests and policies of package
// cases compare the two.
//
// Size limits belong to the callers (Size counts as IAM does), but for those of
// an organization's policies.
//
// Source: IAM User Guide, "IAM JSON policy elements reference", "Grammar of
// the IAM JSON policy language" and "Policy evaluation logic"; Organizations
// User Guide, "SCP evaluation" and "RCP evaluation".
package policy
