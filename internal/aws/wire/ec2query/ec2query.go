// Package ec2query speaks the query protocol of EC2: a form names the operation
// and its input, the answer is XML. It differs from the query protocol of other
// services in the names of a form, in lists without a level of their own, and
// in the documents around answers and errors (Smithy: "AWS EC2 query protocol").
package ec2query

import (
	"net/http"
	"strconv"
	"strings"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/awsquery"
	"tamachi/internal/aws/wire/codec"
)

// Codec speaks the protocol.
type Codec struct{}

var _ codec.Codec = Codec{}

// style is how EC2 names things: by the name that the model gives for forms,
// else by its name on the wire with a capital letter.
var style = awsquery.Style{Flat: true, Name: func(m *model.Member) string {
	if m.Query != "" {
		return m.Query
	}
	return strings.ToUpper(m.Wire[:1]) + m.Wire[1:]
}}

// Operation reads Action from the form.
func (Codec) Operation(svc *model.Service, r *codec.Request) (string, bool) {
	return awsquery.Action(svc, r)
}

// Decode reads the input from the form.
func (Codec) Decode(_ *model.Service, op *model.Operation, r *codec.Request, in any) (model.Presence, error) {
	return style.Read(r, op.Input, in)
}

// Encode writes <XResponse><requestId>...
func (Codec) Encode(svc *model.Service, op *model.Operation, out any, requestID string) (codec.Response, error) {
	root := op.Name + "Response"
	dst := element(awsquery.OpenRoot(nil, root, svc.XMLNamespace), "requestId", requestID)
	dst, err := codec.AppendXML(dst, op.Output, out)
	if err != nil {
		return codec.Response{}, err
	}
	return response(op.Status, codec.CloseTag(dst, root), requestID), nil
}

// Fault writes <Response><Errors><Error>. EC2 models no errors: a code and a
// message are all there is.
func (Codec) Fault(svc *model.Service, f *codec.Fault, requestID string) codec.Response {
	dst := element([]byte("<Response><Errors><Error>"), "Code", f.Code)
	dst = codec.AppendXMLExtra(element(dst, "Message", f.Message), f)
	dst = append(dst, "</Error></Errors>"...)
	dst = append(element(dst, "RequestID", requestID), "</Response>"...)
	answer := response(codec.StatusOf(svc, f), dst, requestID)
	f.AddTo(answer.Header)
	return answer
}

func element(dst []byte, name, text string) []byte {
	return codec.CloseTag(codec.AppendXMLText(codec.OpenTag(dst, name), text), name)
}

func response(status int, body []byte, requestID string) codec.Response {
	return codec.Response{Status: status, Body: body, Header: http.Header{
		"Content-Type":     {"text/xml;charset=UTF-8"},
		"Content-Length":   {strconv.Itoa(len(body))},
		"X-Amzn-Requestid": {requestID},
	}}
}
