package s3

import (
	"io"

	"tamachi/internal/blob"
)

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
