package sns

import (
	"context"
	"crypto"
	"time"

	"tamachi/internal/store"
)

// Ports is what the room asks of the house.
type Ports struct {
	Signer Signer
	Web    Web
	Mail   Mail
}

// Signer signs messages with the plane's key for them.
type Signer interface {
	// Sign is the RSA signature (PKCS #1 v1.5) of a digest.
	Sign(hash crypto.Hash, digest []byte) ([]byte, error)
	// CertificateURL is where its certificate is read.
	CertificateURL(region string) string
	// ServiceURL is where the room of a Region is asked: a link's beginning.
	ServiceURL(region string) string
}

// Web sends requests to endpoints outside.
type Web interface {
	// Post sends a body and returns the status of the answer. What takes longer
	// than a time is an error. Redirects are answers, too.
	Post(ctx context.Context, url string, header map[string]string, body []byte, most time.Duration) (status int, err error)
	// Check says why a URL is none that can be posted to.
	Check(url string) error
}

// Letter is a mail.
type Letter struct {
	ID, From, To, Subject, Text string
	At                          time.Time
}

// Mail takes mails over.
type Mail interface {
	// Post takes a mail over in the transaction that it tells of.
	Post(tx *store.Tx, l Letter) error
	// Sender is the address that mails come from.
	Sender() string
	// Check says why an address is none.
	Check(address string) error
}
