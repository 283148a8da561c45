// Package policy answers "may they?" from policy documents alone: pure, no
// clock, no store, no network.
//
// A document is parsed and compiled once (Parse for what belongs to a
// principal, ParseResource for what belongs to a resource, ParseTrust for the
// trust policy of a role) and then decides any number of requests. It knows
// every element of a statement, every condition operator and policy
// variables. What is not part of the language is refused when it is parsed.
//
// One rule is not bent: a statement that is about the request and names a
// condition key or a variable that the Context cannot vouch for makes the
// decision an explicit deny that says so. Skipping the statement would turn a
// Deny into an allow.
//
// A document decides alone; how identity policies, boundaries, session
// policies and the policies of resources are put together is the gate's
// knowledge. Size limits belong to the callers (Size counts as IAM does).
//
// Source: IAM User Guide, "IAM JSON policy elements reference", "Grammar of
// the IAM JSON policy language" and "Policy evaluation logic".
package policy
