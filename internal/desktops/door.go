package desktops

import (
	"context"
	"net"
	"slices"
)

// Door is a way into or out of a desktop beside its display.
type Door string

// The doors.
const (
	// Speaker sends what the desktop plays: 48,000 times a second a sample of
	// the left and one of the right, 16 bits each, little endian. It is there
	// once something plays.
	Speaker Door = "sound"
	// Microphone takes what the user says, for programs that listen: 48,000
	// times a second a sample of 16 bits, little endian. Where none listens it
	// is lost; of several who speak the first is heard, until it ends.
	Microphone Door = "microphone"
)

// Known tells whether a desktop can have the door.
func (d Door) Known() bool { return slices.Contains([]Door{Speaker, Microphone, Printer}, d) }

// Doors is a provider whose desktops have doors. ErrLacking is the error of one
// that they never have.
type Doors interface {
	DialDoor(ctx context.Context, id string, d Door) (net.Conn, error)
}
