package directoryservicedata

import (
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// Ports is what the room asks of the house.
type Ports struct {
	Directories Directories
}

// Directories knows which directories there are.
type Directories interface {
	// Book returns a directory of this scope, directory.ErrNoDirectory if it
	// has none of that id.
	Book(tx *store.Tx, sc store.Scope, directoryID string) (directory.Book, error)
	// Gone is told of a user who was removed.
	Gone(tx *store.Tx, sc store.Scope, directoryID, user string) error
	// Locate returns a directory of the plane and where it is, for the
	// directory server, to which clients come without a scope.
	Locate(tx *store.Tx, directoryID string) (store.Scope, directory.Domain, error)
}
