// Package approval is how people agree to something before it is done: who may,
// how many of them, in which order, until when, and why. It knows nothing of
// what is agreed to but its digest, its title and the evidence; plans use it,
// and so can requests for access.
//
// A request and every vote are one file of JSON lines, on disk before the vote
// counts. Nobody agrees to what they asked for themselves or what is for them,
// and nobody votes twice, whatever way the vote came: by the CLI, a link in a
// mail or a button.
//
// It keeps honest people from mistakes; what a caller can do is what the
// account's IAM policies let them. Who can write the operator's state folder
// can forge a vote.
package approval
