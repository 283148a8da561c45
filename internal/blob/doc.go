// Package blob keeps bodies of any size: in a folder, or in memory for a lab.
//
// A blob is written once, through a Writer, and never changed. It gets its
// name, a random id that says nothing of its content, when it is complete and
// durable: the file is synced, then moved, then the folder is synced. What is
// left of a writer that did not get there is removed by the next Open.
//
// A new blob is fresh until its owner settles it, which the owner does once the
// record that names it is committed. After a crash the owner asks which blobs
// are Fresh and removes those that no record names: only a handful was being
// written, so a start does not look at all the others. The order is always
// blob, record, Settle; and for an end record, Remove. So a record always has
// its blob.
//
// In a folder content is sealed with AES-256 in counter mode, by a key of the
// file's own that comes from the folder's key and a random nonce. The folder's
// key lies outside (Options.Key). There is no authentication tag: the owner
// knows the digests of what it stored.
package blob

import (
	"errors"
	"io"
)

// ErrNotFound reports an id that no blob has.
var ErrNotFound = errors.New("no such blob")

// Writer takes one blob in. It must be ended by Commit or Abort.
type Writer interface {
	io.Writer
	// Commit makes the blob durable and returns its id. The writer is over,
	// also when Commit fails.
	Commit() (id string, err error)
	// Abort forgets what was written; after Commit it does nothing.
	Abort()
}

// valid tells whether an id is formed as ours are, so that it is safe in a
// path.
func valid(id string) bool {
	if len(id) != idLength {
		return false
	}
	for _, c := range []byte(id) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

const idLength = 32
