package account

import (
	"bytes"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// maxSteady bounds what is held in memory; bodies of API calls are far below.
const maxSteady = 1 << 20

// Steady returns a client that sends request bodies from memory. The SDK closes
// a request's body once the answer's header is there (smithy-go, package
// transport/http), while net/http may not have seen the body's end yet; it then
// drops the connection with the answer half read, and the SDK waits up to a
// second before it tries again. AWS is too far away for that to happen; a plane
// on this machine answers in half a millisecond.
func Steady(c aws.HTTPClient) aws.HTTPClient { return steady{c} }

type steady struct{ client aws.HTTPClient }

// Do sends a request with a body that nobody else can close.
func (s steady) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil || r.ContentLength <= 0 || r.ContentLength > maxSteady {
		return s.client.Do(r)
	}
	body := make([]byte, r.ContentLength)
	if _, err := io.ReadFull(r.Body, body); err != nil {
		return nil, fmt.Errorf("read the request's body: %w", err)
	}
	ours := r.WithContext(r.Context()) // a copy; the SDK keeps its own
	ours.Body = io.NopCloser(bytes.NewReader(body))
	ours.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	return s.client.Do(ours)
}
