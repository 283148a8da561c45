// Package change holds the actions of plans that more than one duty uses: each
// looks at what there is, asks for what is wished, and knows when the two are
// the same. What only one duty does stays with that duty.
package change
