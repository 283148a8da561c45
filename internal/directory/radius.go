package directory

import (
	"context"
	"time"
)

// Radius is how the servers are reached that judge the second factor of a
// directory's people (RFC 2865).
type Radius struct {
	Servers []string // names or addresses
	Port    int
	Timeout time.Duration // of one try
	Retries int           // after the first
	Secret  string        // shared with the servers: never logged
	CHAP    bool          // the code is sent as CHAP has it, else as PAP has it
}

// SecondFactors asks such servers.
type SecondFactors interface {
	// Judge tells whether a code is good; ErrUnreachable when no server gives an
	// answer that can be believed.
	Judge(ctx context.Context, r Radius, user, code string) (bool, error)
}
