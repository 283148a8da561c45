// Package reference decides requests by AWS's documentation, read literally and
// slowly, from the text of the policies. It is the oracle that package policy is
// compared with: it shares that package's questions and answers and none of its
// ways. Nothing of the product calls it.
package reference
