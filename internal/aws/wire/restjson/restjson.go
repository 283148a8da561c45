// Package restjson speaks AWS's REST JSON protocol: method and path name the
// operation, members travel in the path, the query string, headers and a JSON
// body, and the header X-Amzn-ErrorType names an error (Smithy: "AWS restJson1
// protocol").
package restjson

import (
	"net/http"
	"strconv"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

// Codec speaks REST JSON.
type Codec struct{}

var _ codec.Codec = Codec{}

// Operation finds the operation by method and path.
func (Codec) Operation(svc *model.Service, r *codec.Request) (string, bool) {
	op := codec.Match(svc, r)
	if op == nil {
		return "", false
	}
	return op.Name, true
}

// Decode reads the members from where the model binds them.
func (Codec) Decode(_ *model.Service, op *model.Operation, r *codec.Request, in any) (model.Presence, error) {
	return decode(op, r, in)
}

// Encode writes headers and body of a success.
func (Codec) Encode(_ *model.Service, op *model.Operation, out any, requestID string) (codec.Response, error) {
	r := codec.Response{Status: op.Status, Header: http.Header{"X-Amzn-Requestid": {requestID}}}
	if err := encode(op.Output, out, &r); err != nil {
		return codec.Response{}, err
	}
	r.Header["Content-Length"] = []string{strconv.Itoa(len(r.Body))}
	return r, nil
}

// Fault writes the code into a header, message and members into the body.
func (Codec) Fault(svc *model.Service, f *codec.Fault, requestID string) codec.Response {
	body := codec.RESTFault(svc, f)
	h := http.Header{
		"Content-Type":     {"application/json"},
		"Content-Length":   {strconv.Itoa(len(body))},
		"X-Amzn-Requestid": {requestID},
		"X-Amzn-Errortype": {f.Code},
	}
	if shape, ok := svc.ErrorShape(f.Code); ok && f.Modelled != nil {
		for name, text := range codec.ErrorHeaders(shape, f.Modelled) {
			h.Set(name, text)
		}
	}
	f.AddTo(h)
	return codec.Response{Status: codec.StatusOf(svc, f), Header: h, Body: body}
}
