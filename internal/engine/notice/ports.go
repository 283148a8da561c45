package notice

import "tamachi/internal/notify"

// Box seals what is stored; *seal.Box does.
type Box interface {
	Seal(purpose string, secret []byte) ([]byte, error)
	Open(purpose string, sealed []byte) ([]byte, error)
	// Old lists data keys that are to be given up.
	Old() []string
}

// Ports are what the engine asks of the house.
type Ports struct {
	Sender notify.Sender
	Box    Box
	// Returns is where bounces arrive; nil where nobody collects them.
	Returns notify.Returns
}
