package codec

import (
	"errors"
	"net/http"
	"reflect"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/model"
)

// Fault is an error as the client will see it.
type Fault struct {
	Code    string // "ResourceNotFoundException"
	Message string // may be empty: AWS answers malformed JSON without one
	Status  int    // HTTP status; 0 means the model's, or 400
	// Modelled is the SDK's error struct (a pointer) or nil. Its members other
	// than the message are written too.
	Modelled any
	// Extra are further members of the error document, Header further headers
	// of the answer, both by their names on the wire.
	Extra, Header map[string]string
}

// Error makes Fault an error.
func (f *Fault) Error() string {
	if f.Message == "" {
		return f.Code
	}
	return f.Code + ": " + f.Message
}

// Codes of faults that no service models.
const (
	// CodeSerialization is the JSON protocols' code for a body that cannot be
	// read; the query protocol says CodeMalformedInput.
	CodeSerialization  = "SerializationException"
	CodeMalformedInput = "MalformedInput"
	// CodeInternal is the code of every error that is none of the client's
	// business.
	CodeInternal = "InternalFailure"
)

// FaultFrom turns an operation's error into a fault: an SDK modelled error or
// a smithy.GenericAPIError keeps its code, a *Fault stays itself, and anything
// else becomes InternalFailure without a word of its own text.
func FaultFrom(svc *model.Service, err error) *Fault {
	if fault, ok := errors.AsType[*Fault](err); ok {
		return fault
	}
	if f, ok := errors.AsType[*api.Fault](err); ok {
		return &Fault{Code: f.Code, Message: f.Message, Status: f.Status, Extra: f.Extra, Header: f.Header}
	}
	var told smithy.APIError
	if !errors.As(err, &told) {
		return &Fault{
			Code: CodeInternal, Status: http.StatusInternalServerError,
			Message: "The request processing has failed because of an unknown error, exception or failure.",
		}
	}
	f := &Fault{Code: told.ErrorCode(), Message: told.ErrorMessage()}
	if _, generic := told.(*smithy.GenericAPIError); !generic {
		f.Modelled = told
		if shape, ok := f.Shape(svc); ok {
			f.Code = shape.Error.Code // the SDK's structs tell their own names
		}
	}
	f.Status = StatusOf(svc, f)
	if svc != nil {
		if _, known := svc.ErrorShape(f.Code); !known && told.ErrorFault() == smithy.FaultServer {
			f.Status = http.StatusInternalServerError
		}
	}
	return f
}

// Shape finds the exception of a fault: by the name of the SDK's struct, since
// two may share a code, else by the code.
func (f *Fault) Shape(svc *model.Service) (*model.Shape, bool) {
	if svc == nil {
		return nil, false
	}
	if t := reflect.TypeOf(f.Modelled); t != nil && t.Kind() == reflect.Pointer {
		if shape := svc.Shapes[t.Elem().Name()]; shape != nil && shape.Exception {
			return shape, true
		}
	}
	return svc.ErrorShape(f.Code)
}

// AddTo puts the fault's own headers into an answer's.
func (f *Fault) AddTo(h http.Header) {
	for name, value := range f.Header {
		h.Set(name, value)
	}
}

// StatusOf is the HTTP status of a fault: its own, else the model's, else 500
// for InternalFailure and its like, 403 for a refusal that is in no model, else
// 400.
func StatusOf(svc *model.Service, f *Fault) int {
	if f.Status != 0 {
		return f.Status
	}
	if svc != nil {
		if shape, ok := svc.ErrorShape(f.Code); ok {
			return shape.Error.Status
		}
	}
	switch f.Code {
	case CodeInternal, "InternalServerError", "InternalError":
		return http.StatusInternalServerError
	case "AccessDenied", "UnauthorizedOperation": // of the services of the query protocols, which model none
		return http.StatusForbidden
	case "ServiceUnavailable", "ServiceUnavailableException":
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

// QueryError is the header X-Amzn-Query-Error of a service that once spoke the
// query protocol: its code of that time, and whose fault it is (Smithy: "AWS
// query compatible").
func QueryError(code string, status int) string {
	if status >= http.StatusInternalServerError {
		return code + ";Receiver"
	}
	return code + ";Sender"
}
