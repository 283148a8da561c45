package s3

import (
	"context"
	"io"

	"tamachi/internal/aws/api"
	"tamachi/internal/blob"
)

// Ports are what the room asks of the house. All are required.
type Ports struct {
	Blobs  Blobs
	Access Access
}

// Access tells what the caller of a call may: DeleteObjects succeeds or fails
// for each object.
type Access interface {
	// Allowed answers each check in turn.
	Allowed(ctx context.Context, checks []api.Check) ([]bool, error)
}

// Blobs is where bodies lie.
type Blobs interface {
	Create() (blob.Writer, error)
	Copy(id string) (string, error)
	Open(id string) (io.ReadSeekCloser, error)
	Settle(id string) error
	Remove(id string) error
	Fresh() ([]string, error)
}

var (
	_ Blobs = (*blob.Folder)(nil)
	_ Blobs = (*blob.Memory)(nil)
)
