// Package plan is how the desk changes anything: a duty reads and decides, and
// what it wants to change becomes a Plan, a value that is shown, written down,
// approved where that is due, applied, verified, recorded and, where possible,
// undone.
//
// A step's change is data (a Move), so that a plan can be applied by another
// process, on another day, and gone on with after a kill: what was done is
// asked of the account before anything is done again. Nothing is applied that
// is not on disk first. One file holds a plan and all that became of it; see
// Folder.
package plan
