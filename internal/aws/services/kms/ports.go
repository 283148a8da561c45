package kms

import (
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Ports is what the room asks of the house.
type Ports struct {
	Trail Trail
}

// Trail writes down what the service did by itself, in the transaction that
// does it.
type Trail interface {
	Write(tx *store.Tx, e *api.Event) error
}
