// Package rpccbor speaks Smithy's RPC v2 CBOR protocol: the path names the
// operation, input and output are CBOR maps (RFC 8949), and an error is a map
// with "__type" (Smithy: "Smithy RPC v2 CBOR protocol").
package rpccbor

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/aws/smithy-go/encoding/cbor"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

// Protocol is the value of the header Smithy-Protocol.
const Protocol = "rpc-v2-cbor"

// Codec speaks the protocol.
type Codec struct{}

var _ codec.Codec = Codec{}

// Operation reads the path: /service/GraniteServiceVersion20100801/operation/X.
// There may be more before it; the service's name is not compared, since the
// credential scope has chosen the service. Every request is a POST and says
// that it is of this protocol.
func (Codec) Operation(_ *model.Service, r *codec.Request) (string, bool) {
	if r.Method != http.MethodPost || r.Header.Get("Smithy-Protocol") != Protocol {
		return "", false
	}
	parts := strings.Split(r.Path, "/")
	n := len(parts)
	if n < 5 || parts[n-4] != "service" || parts[n-2] != "operation" || parts[n-3] == "" || parts[n-1] == "" {
		return "", false
	}
	return parts[n-1], true
}

// Decode reads the body; none stands for an input without members.
func (Codec) Decode(_ *model.Service, op *model.Operation, r *codec.Request, in any) (model.Presence, error) {
	if len(r.Body) > codec.MaxBody {
		return model.NewPresence(op.Input), codec.TooLarge()
	}
	return decode(r.Body, op.Input, in)
}

// Encode writes out as the body of the answer.
func (Codec) Encode(_ *model.Service, op *model.Operation, out any, requestID string) (codec.Response, error) {
	m, err := encode(op.Output, out)
	if err != nil {
		return codec.Response{}, err
	}
	body := cbor.Encode(m)
	return codec.Response{Status: op.Status, Header: header(requestID, body), Body: body}, nil
}

// Fault writes {"__type": name, "message": text} and the modelled error's other
// members. A service that once spoke the query protocol also gives the code of
// that time in a header (Smithy: "AWS query compatible").
func (Codec) Fault(svc *model.Service, f *codec.Fault, requestID string) codec.Response {
	status := codec.StatusOf(svc, f)
	m := cbor.Map{"__type": cbor.String(f.Code)}
	shape, modelled := f.Shape(svc)
	if modelled {
		m["__type"] = cbor.String(shape.Name)
		if f.Modelled != nil {
			addErrorMembers(m, shape, f.Modelled)
		}
	}
	if f.Message != "" {
		m[messageName(shape)] = cbor.String(f.Message)
	}
	for name, value := range f.Extra {
		m[name] = cbor.String(value)
	}
	body := cbor.Encode(m)
	h := header(requestID, body)
	if svc.QueryCompatible {
		h["X-Amzn-Query-Error"] = []string{codec.QueryError(f.Code, status)}
	}
	f.AddTo(h)
	return codec.Response{Status: status, Header: h, Body: body}
}

func header(requestID string, body []byte) http.Header {
	return http.Header{
		"Smithy-Protocol":  {Protocol},
		"Content-Type":     {"application/cbor"},
		"Content-Length":   {strconv.Itoa(len(body))},
		"X-Amzn-Requestid": {requestID},
	}
}

func messageName(shape *model.Shape) string {
	if shape != nil {
		for _, m := range shape.Members {
			if codec.IsMessage(m) {
				return m.Name
			}
		}
	}
	return "message"
}
