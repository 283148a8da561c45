package wire

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/sigv4"
	"tamachi/internal/aws/wire/codec"
	"tamachi/internal/aws/wire/protocol"
)

// fail answers with an error of the gate or of a stage. One that nobody chose
// for the caller is a fault of ours: the caller sees InternalFailure, the log
// the chain.
func (x *exchange) fail(err error) {
	f := codec.FaultFrom(x.svc.model, err)
	if !chosen(err) && f.Code == codec.CodeInternal {
		x.o.Log.ErrorContext(x.r.Context(), "call failed", "request_id", x.call.RequestID,
			"action", x.call.Service+":"+x.call.Operation, "err", err)
	}
	x.refuse(f)
}

// refuse writes a fault in the caller's protocol.
func (x *exchange) refuse(f *codec.Fault) {
	x.refused = f
	svc := x.svc
	if svc == nil {
		svc = x.stranger()
	}
	response := svc.codec.Fault(svc.model, f, x.call.RequestID)
	if x.streaming && x.r.Header.Get("Expect") == "" {
		x.streaming = false
		x.early(func() { x.write(response) })
		return
	}
	x.write(response)
}

func (x *exchange) write(response codec.Response) {
	h := x.w.Header()
	if x.svc != nil && x.svc.dialect == sigv4.S3 {
		h.Del("X-Amzn-Requestid") // S3 has a name of its own for it
	}
	for name, values := range response.Header {
		h[spelt(name)] = values
	}
	if _, told := h["Content-Type"]; !told {
		h["Content-Type"] = nil // net/http would guess one
	}
	if response.Stream != nil {
		x.stream(response)
		return
	}
	if x.r.Method != http.MethodHead && response.Status != http.StatusNoContent && response.Status != http.StatusNotModified {
		h.Set("Content-Length", strconv.Itoa(len(response.Body)))
	}
	x.w.WriteHeader(response.Status)
	if x.r.Method == http.MethodHead {
		return
	}
	_, _ = x.w.Write(response.Body) // a client that is gone needs no answer
}

// recover answers a panic of an operation; the connection lives on.
func (x *exchange) recover() {
	v := recover()
	if v == nil {
		return
	}
	if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(v)
	}
	x.o.Log.ErrorContext(x.r.Context(), "call panicked", "request_id", x.call.RequestID,
		"action", x.call.Service+":"+x.call.Operation, "err", fmt.Sprintf("%v\n%s", v, debug.Stack()))
	x.refuse(codec.FaultFrom(nil, errors.New("panic")))
}

// unnamed is the answer to a request that names no operation.
func (x *exchange) unnamed() *codec.Fault {
	if x.svc.dialect == sigv4.S3 {
		return x.noMethod()
	}
	if x.svc.dialect == sigv4.Query {
		return &codec.Fault{Code: "MissingAction", Message: "The request is missing an action or a required parameter.", Status: http.StatusBadRequest}
	}
	return x.unknown("")
}

// unknown is the answer to an operation that does not exist, or that Tamachi
// does not offer.
func (x *exchange) unknown(name string) *codec.Fault {
	switch x.svc.dialect {
	case sigv4.Query:
		return &codec.Fault{
			Code: "InvalidAction", Status: http.StatusBadRequest,
			Message: fmt.Sprintf("Could not find operation %s for version %s", clip(name), x.svc.model.APIVersion),
		}
	case sigv4.REST:
		return &codec.Fault{Code: "UnknownOperationException", Message: unsupported, Status: http.StatusNotFound}
	case sigv4.S3:
		return &codec.Fault{
			Code: "NotImplemented", Status: http.StatusNotImplemented,
			Message: "A header you provided implies functionality that is not implemented.",
			Extra:   map[string]string{"Operation": name},
		}
	}
	return &codec.Fault{Code: "UnknownOperationException", Message: unsupported, Status: http.StatusBadRequest}
}

// noMethod is S3's answer to a method that what the path names does not have.
func (x *exchange) noMethod() *codec.Fault {
	kind := "SERVICE"
	if _, rest, _ := strings.Cut(x.request.Path, "/"); strings.Trim(rest, "/") != "" {
		kind = "BUCKET"
		if _, key, _ := strings.Cut(rest, "/"); key != "" {
			kind = "OBJECT"
		}
	}
	f := &codec.Fault{
		Code: "MethodNotAllowed", Status: http.StatusMethodNotAllowed,
		Message: "The specified method is not allowed against this resource.",
		Extra:   map[string]string{"Method": clip(x.r.Method), "ResourceType": kind},
	}
	if x.r.Method == http.MethodOptions {
		f.Code, f.Status, f.Message = "AccessForbidden", http.StatusForbidden, "CORSResponse: CORS is not enabled for this bucket."
	}
	return f
}

const unsupported = "The requested operation is not supported in the called region."

// refuseService answers a request for a service that has no room. AWS has no
// such answer, because its services have host names of their own.
func (x *exchange) refuseService() {
	if x.request == nil && x.r.ContentLength != 0 && !x.read() {
		return // answered: its body is too large or too slow
	}
	name := "this host and path"
	if _, signing, ok := sigv4.Scope(x.r); ok {
		name = clip(signing)
	}
	f := &codec.Fault{Code: "UnknownOperationException", Message: "No service of this endpoint answers to " + name + ".", Status: http.StatusNotFound}
	switch x.stranger().dialect {
	case sigv4.Query:
		f.Code, f.Status = "InvalidAction", http.StatusBadRequest
	case sigv4.JSON:
		f.Status = http.StatusBadRequest
	}
	x.refuse(f)
}

// speakXML are signing names of services whose REST protocol is in XML.
var speakXML = []string{"route53", "cloudfront"}

// stranger guesses the protocol of a request for no service of ours from its
// looks, and borrows a codec for the answer.
func (x *exchange) stranger() *service {
	m, d := &model.Service{Name: "unknown", Protocol: "rest-json"}, sigv4.REST
	_, signing, _ := sigv4.Scope(x.r)
	switch {
	case x.r.Header.Get("X-Amz-Target") != "":
		m.Protocol, m.JSONVersion, d = "json", "1.1", sigv4.JSON
	case strings.HasPrefix(x.r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		m.Protocol, d = "query", sigv4.Query
	case signing == "s3":
		m.Name, m.Protocol, d = "s3", "rest-xml", sigv4.S3
	case slices.Contains(speakXML, signing):
		m.Protocol = "rest-xml"
	}
	c, _ := protocol.For(m) // the three exist
	return &service{model: m, codec: c, dialect: d}
}

// asAPIError gives the gate's recorder a fault as the error type that it reads
// codes from.
func asAPIError(err error) error {
	f := codec.FaultFrom(nil, err)
	return &smithy.GenericAPIError{Code: f.Code, Message: f.Message}
}

func clip(s string) string {
	if len(s) > 128 {
		return s[:128]
	}
	return s
}

// spelt is how a header is written: users' metadata of S3 in small letters, for
// clients show its names as the header spells them.
func spelt(name string) string {
	if small := strings.ToLower(name); strings.HasPrefix(small, "x-amz-meta-") {
		return small
	}
	return http.CanonicalHeaderKey(name)
}
