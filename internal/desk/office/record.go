package office

import (
	"time"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/shelf"
)

// record is what this machine knows of the office it made. Down goes by it.
type record struct {
	Directory string   `json:"directory,omitempty"` // made here
	People    []string `json:"people,omitempty"`    // made here and given a password
	Night     stage    `json:"night,omitempty"`
}

// stage is how far the night batch came.
type stage string

// The stages of the night batch; the empty one is before it.
const (
	nightBegun stage = "begun" // the service account may be switched off
	nightOver  stage = "over"
)

// subject names the record on the shelf.
const subject = "office"

// office is one run of a command on an office.
type office struct {
	hands   Hands
	world   account.World
	shelf   shelf.Shelf
	target  shelf.Target
	record  record
	talk    *talk
	timeout time.Duration // of each wait

	directory string // the office's directory, once it is known
	bundle    string
}

func (o *office) recall() error {
	_, err := o.shelf.Read(subject, o.target, &o.record)
	return err
}

func (o *office) remember(change func(*record)) error {
	change(&o.record)
	return o.shelf.Write(subject, o.target, o.record)
}
