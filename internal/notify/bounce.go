package notify

import "context"

// Bounce is what a mail server says later of a notice that was taken: that it
// could not be delivered.
type Bounce struct {
	ID  string // of the notice
	Why string // the server's words, on one line
}

// Returns is where bounces arrive.
type Returns interface {
	// Collect hands over each bounce that is there. One that take has taken does
	// not come again, unless the plane was killed in between; one that it has
	// not stays for the next time.
	Collect(ctx context.Context, take func(Bounce) (taken bool, err error)) error
}
