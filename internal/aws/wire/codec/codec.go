// Package codec is what the wire protocols have in common: the request and
// response between the front door and a protocol, the fault, and the readings
// of JSON, timestamps and faults that two protocols share. A folder beside it
// holds each protocol; wire/protocol chooses one for a service.
//
// Codecs never read a socket and keep no state of a call, so that one value
// serves all calls at once.
package codec

import (
	"io"
	"net/http"
	"net/url"

	"tamachi/internal/aws/model"
)

// Request is a received HTTP request whose body has been read, or is a stream.
type Request struct {
	Method string
	Path   string // escaped, as it stood in the request line; S3: with the bucket first
	Query  url.Values
	Header http.Header
	Body   []byte
	// Stream is the body of an operation whose input has a streamed member; it
	// has not been read.
	Stream io.Reader
}

// Response is an answer to be written.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
	// Stream comes in place of Body; who writes the answer closes it. Its length
	// is in the header Content-Length, where it is known.
	Stream io.ReadCloser
}

// Codec speaks one protocol.
type Codec interface {
	// Operation tells which operation of svc the request names. The name need
	// not be in the model: the front door answers unknown ones; ok is false
	// when the request names none.
	Operation(svc *model.Service, r *Request) (name string, ok bool)
	// Decode reads the request into in, a pointer to the input struct of op.
	// It reports which top-level members were given. The error is a *Fault.
	Decode(svc *model.Service, op *model.Operation, r *Request, in any) (model.Presence, error)
	// Encode writes out, a pointer to the output struct of op (nil for none).
	// An error is a programmer's mistake: a struct that does not fit the model.
	Encode(svc *model.Service, op *model.Operation, out any, requestID string) (Response, error)
	// Fault writes an error answer; it has no way to fail.
	Fault(svc *model.Service, f *Fault, requestID string) Response
}
