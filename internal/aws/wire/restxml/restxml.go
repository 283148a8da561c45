// Package restxml speaks AWS's REST XML protocol: method, path and query name
// the operation, members travel in the path, the query string, headers and an
// XML body (Smithy: "AWS restXml protocol"). It knows two dialects: S3's, whose
// errors, roots and routes are its own, and that of the others (Route 53).
//
// Keys of objects reach the operation as they were sent: no path is cleaned,
// joined or decoded twice. Bodies of streamed members are not read here.
//
// A request for S3 must name its bucket in the path; the front door moves a
// bucket from the host name there.
package restxml

import (
	"net/http"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

// Codec speaks REST XML.
type Codec struct{}

var _ codec.Codec = Codec{}

// isS3 tells which dialect a service speaks.
func isS3(svc *model.Service) bool { return svc.Name == "s3" }

// Operation finds the operation by method, path, query and the header that
// tells a copy.
func (Codec) Operation(svc *model.Service, r *codec.Request) (string, bool) {
	op := codec.Match
	if isS3(svc) {
		op = matchS3
	}
	if found := op(svc, r); found != nil {
		return found.Name, true
	}
	return "", false
}

// Decode reads the members from where the model binds them. A streamed member
// is given the request's stream.
func (Codec) Decode(svc *model.Service, op *model.Operation, r *codec.Request, in any) (model.Presence, error) {
	return decoder{svc: svc, op: op, s3: isS3(svc)}.decode(r, in)
}

// Encode writes headers and body of a success.
func (Codec) Encode(svc *model.Service, op *model.Operation, out any, requestID string) (codec.Response, error) {
	r := codec.Response{Status: op.Status, Header: http.Header{}}
	setRequestID(r.Header, isS3(svc), requestID)
	e := encoder{svc: svc, op: op, s3: isS3(svc)}
	if err := e.encode(out, &r); err != nil {
		return codec.Response{}, err
	}
	return r, nil
}

// setRequestID puts the ids of a request into the answer's headers; S3 has a
// pair of its own.
func setRequestID(h http.Header, s3 bool, requestID string) {
	if !s3 {
		h["X-Amzn-Requestid"] = []string{requestID}
		return
	}
	h["X-Amz-Request-Id"] = []string{requestID}
	h["X-Amz-Id-2"] = []string{hostID(requestID)}
}
