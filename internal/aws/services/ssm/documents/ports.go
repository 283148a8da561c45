package documents

import (
	"context"
	"io"

	"tamachi/internal/blob"
)

// Ports is what the room asks of its wing.
type Ports struct {
	// Amazon are the documents that the house provides.
	Amazon []Provided
	// Bodies, Objects, Box and URL are for attachments; without them there are
	// none.
	Bodies  Bodies
	Objects Objects
	Box     Box
	// URL is where the body behind a ticket is to be had; host is the one that
	// the caller knows the plane by, if any.
	URL func(host, ticket string) string
}

// Bodies keeps attachments (package blob says how).
type Bodies interface {
	Create() (blob.Writer, error)
	Open(id string) (io.ReadSeekCloser, error)
	Settle(id string) error
	Fresh() ([]string, error)
	Remove(id string) error
}

// Objects reads S3 in the name of the caller of ctx.
type Objects interface {
	Get(ctx context.Context, bucket, key string) (io.ReadCloser, error)
}

// Box seals what a URL carries.
type Box interface {
	Seal(purpose string, secret []byte) ([]byte, error)
	Open(purpose string, sealed []byte) ([]byte, error)
}

// Provided is a document of owner Amazon, in its one version.
type Provided struct {
	Name    string
	Type    string // Command, ...
	Format  string // JSON or YAML
	Content []byte
}
