package protocol

import (
	"net/http"
	"strconv"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
	"tamachi/internal/aws/wire/restjson"
)

// gateway speaks as the agents' message gateway does: requests are REST JSON,
// answers are XML. amazon-ssm-agent takes any status but 201 for an error and
// looks for the text <AccessDeniedException> in the body to learn that it is
// not allowed.
type gateway struct {
	restjson.Codec
}

var _ codec.Codec = gateway{}

// Encode writes <CreateControlChannelResponse>.
func (gateway) Encode(_ *model.Service, op *model.Operation, out any, requestID string) (codec.Response, error) {
	root := op.Name + "Response"
	dst, err := codec.AppendXML(codec.OpenTag(nil, root), op.Output, out)
	if err != nil {
		return codec.Response{}, err
	}
	return xmlResponse(op.Status, codec.CloseTag(dst, root), requestID), nil
}

// Fault writes an element that is named after the code.
func (gateway) Fault(svc *model.Service, f *codec.Fault, requestID string) codec.Response {
	dst := codec.OpenTag(nil, f.Code)
	dst = codec.OpenTag(dst, "Message")
	dst = codec.AppendXMLText(dst, f.Message)
	dst = codec.CloseTag(dst, "Message")
	dst = codec.CloseTag(dst, f.Code)
	return xmlResponse(codec.StatusOf(svc, f), dst, requestID)
}

func xmlResponse(status int, body []byte, requestID string) codec.Response {
	return codec.Response{Status: status, Body: body, Header: http.Header{
		"Content-Type":     {"application/xml"},
		"Content-Length":   {strconv.Itoa(len(body))},
		"X-Amzn-Requestid": {requestID},
	}}
}
