// Package awsjson speaks AWS's JSON protocols 1.0 and 1.1: the operation is
// named by the header X-Amz-Target, input and output are JSON objects, and an
// error is an object with "__type" (Smithy: "AWS JSON 1.0 and 1.1 protocol").
package awsjson

import (
	"net/http"
	"strconv"
	"strings"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

// Codec speaks the version that the service's model names.
type Codec struct{}

var _ codec.Codec = Codec{}

// Operation reads X-Amz-Target: "WorkspacesService.DescribeWorkspaces". Some
// services have a prefix with dots (CloudTrail's:
// com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101), of which the newer
// SDKs send the last part only. Every request is a POST.
func (Codec) Operation(svc *model.Service, r *codec.Request) (string, bool) {
	if r.Method != http.MethodPost {
		return "", false
	}
	target := r.Header.Get("X-Amz-Target")
	dot := strings.LastIndexByte(target, '.')
	if dot <= 0 || dot == len(target)-1 {
		return "", false
	}
	prefix, name := target[:dot], target[dot+1:]
	if prefix != svc.TargetPrefix && !strings.HasSuffix(svc.TargetPrefix, "."+prefix) {
		return "", false
	}
	return name, true
}

// Decode reads the body.
func (Codec) Decode(_ *model.Service, op *model.Operation, r *codec.Request, in any) (model.Presence, error) {
	return codec.ReadJSON(r.Body, op.Input, in)
}

// Encode writes out as the body of a 200 answer.
func (Codec) Encode(svc *model.Service, op *model.Operation, out any, requestID string) (codec.Response, error) {
	body, err := codec.WriteJSON(op.Output, out)
	if err != nil {
		return codec.Response{}, err
	}
	return codec.Response{Status: op.Status, Header: header(svc, requestID, body), Body: body}, nil
}

// Fault writes {"__type": code, "message": text} and the modelled error's other
// members.
func (Codec) Fault(svc *model.Service, f *codec.Fault, requestID string) codec.Response {
	body := codec.JSONFault(svc, f)
	h := header(svc, requestID, body)
	h["X-Amzn-Errortype"] = []string{f.Code}
	status := codec.StatusOf(svc, f)
	if svc.QueryCompatible {
		h["X-Amzn-Query-Error"] = []string{codec.QueryError(f.Code, status)}
	}
	f.AddTo(h)
	return codec.Response{Status: status, Header: h, Body: body}
}

func header(svc *model.Service, requestID string, body []byte) http.Header {
	return http.Header{
		"Content-Type":     {"application/x-amz-json-" + svc.JSONVersion},
		"Content-Length":   {strconv.Itoa(len(body))},
		"X-Amzn-Requestid": {requestID},
	}
}
