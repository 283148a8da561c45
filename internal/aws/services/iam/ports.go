package iam

import "tamachi/internal/store"

// Ports is what the room asks of the house.
type Ports struct {
	Former Former // may be nil
}

// Former is who kept the administrator's key before this room did.
type Former interface {
	// Administrator gives the key up, in the transaction that takes it over; it
	// returns "" when there is none.
	Administrator(tx *store.Tx, account string) (accessKeyID, secret string, err error)
}
