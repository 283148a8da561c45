// Package awsquery speaks AWS's query protocol: a form names the operation and
// its input, the answer is XML (Smithy: "AWS query protocol").
package awsquery

import (
	"net/http"
	"strconv"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

// Codec speaks the query protocol.
type Codec struct{}

var _ codec.Codec = Codec{}

// Operation reads Action from the form. A form of another API version names
// none.
func (Codec) Operation(svc *model.Service, r *codec.Request) (string, bool) {
	return Action(svc, r)
}

// Action reads Action from a form of the service's API version.
func Action(svc *model.Service, r *codec.Request) (string, bool) {
	f, err := parse(r)
	if err != nil {
		return "", false
	}
	action := f.child("Action")
	version := f.child("Version")
	if action == nil || action.text == "" || version != nil && version.text != svc.APIVersion {
		return "", false
	}
	return action.text, true
}

// Decode reads the input from the form in the body, or from the query string of
// a GET request.
func (Codec) Decode(_ *model.Service, op *model.Operation, r *codec.Request, in any) (model.Presence, error) {
	return plain.Read(r, op.Input, in)
}

// Encode writes <XResponse><XResult>...</XResult><ResponseMetadata>.
func (Codec) Encode(svc *model.Service, op *model.Operation, out any, requestID string) (codec.Response, error) {
	root := op.Name + "Response"
	dst := OpenRoot(nil, root, svc.XMLNamespace)
	if op.ResultWrapper != "" {
		dst = codec.OpenTag(dst, op.ResultWrapper)
	}
	dst, err := codec.AppendXML(dst, op.Output, out)
	if err != nil {
		return codec.Response{}, err
	}
	if op.ResultWrapper != "" {
		dst = codec.CloseTag(dst, op.ResultWrapper)
	}
	dst = append(dst, "<ResponseMetadata>"...)
	dst = appendRequestID(dst, requestID)
	dst = append(dst, "</ResponseMetadata>"...)
	dst = codec.CloseTag(dst, root)
	return response(op.Status, dst, requestID), nil
}

// Fault writes <ErrorResponse> with Type Sender or Receiver.
func (Codec) Fault(svc *model.Service, f *codec.Fault, requestID string) codec.Response {
	status := codec.StatusOf(svc, f)
	dst := OpenRoot(nil, "ErrorResponse", svc.XMLNamespace)
	dst = append(dst, "<Error><Type>"...)
	if status < http.StatusInternalServerError {
		dst = append(dst, "Sender"...)
	} else {
		dst = append(dst, "Receiver"...)
	}
	dst = append(dst, "</Type><Code>"...)
	dst = codec.AppendXMLText(dst, f.Code)
	dst = append(dst, "</Code><Message>"...)
	dst = codec.AppendXMLText(dst, f.Message)
	dst = append(dst, "</Message>"...)
	if shape, ok := svc.ErrorShape(f.Code); ok && f.Modelled != nil {
		dst = codec.AppendXMLErrorMembers(dst, shape, f.Modelled)
	}
	dst = codec.AppendXMLExtra(dst, f)
	dst = append(dst, "</Error>"...)
	dst = appendRequestID(dst, requestID)
	dst = append(dst, "</ErrorResponse>"...)
	answer := response(status, dst, requestID)
	f.AddTo(answer.Header)
	return answer
}

// OpenRoot writes the start of a document in a namespace.
func OpenRoot(dst []byte, name, namespace string) []byte {
	dst = append(dst, '<')
	dst = append(dst, name...)
	if namespace != "" {
		dst = append(dst, ` xmlns="`...)
		dst = codec.AppendXMLText(dst, namespace)
		dst = append(dst, '"')
	}
	return append(dst, '>')
}

func appendRequestID(dst []byte, requestID string) []byte {
	dst = append(dst, "<RequestId>"...)
	dst = codec.AppendXMLText(dst, requestID)
	return append(dst, "</RequestId>"...)
}

func response(status int, body []byte, requestID string) codec.Response {
	return codec.Response{Status: status, Body: body, Header: http.Header{
		"Content-Type":     {"text/xml"},
		"Content-Length":   {strconv.Itoa(len(body))},
		"X-Amzn-Requestid": {requestID},
	}}
}
