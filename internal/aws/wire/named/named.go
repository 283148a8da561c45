// Package named takes a call's input and gives its output the way boto3 does,
// whatever protocol its service speaks: as JSON objects by the model's names of
// members. It is for callers inside the house that have names only, such as a
// runbook's step aws:executeAwsApi; what it refuses, it refuses in boto3's words.
//
// What it takes more than boto3 are texts where the model wants a number or a
// boolean, since a runbook substitutes texts, and blobs as base64.
package named

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

// MaxInput is how large an input may be, in bytes: as the front door's.
const MaxInput = 1 << 20

// Refusal is an input that no call can be made of. Its text is fit for whoever
// wrote the input.
type Refusal struct{ Message string }

// Error is the text.
func (r *Refusal) Error() string { return r.Message }

// Operation finds an operation by the model's name (DescribeWorkspaces) or by
// that of boto3's method (describe_workspaces).
func Operation(svc *model.Service, name string) (*model.Operation, bool) {
	if op, ok := svc.Operations[name]; ok {
		return op, true
	}
	if name != strings.ToLower(name) {
		return nil, false
	}
	words := strings.ReplaceAll(name, "_", "")
	for _, op := range svc.Operations {
		if strings.EqualFold(words, op.Name) {
			return op, true
		}
	}
	return nil, false
}

// Read reads an input into in, a pointer to the operation's input struct, and
// tells which members were given; null is not given. token is what the
// operation's idempotency tokens become that were not given, as boto3 makes
// some up. The error is a *Refusal, but for a struct that does not fit the
// model.
func Read(op *model.Operation, text json.RawMessage, token string, in any) (model.Presence, error) {
	if streams(op.Input) || streams(op.Output) {
		return model.Presence{}, &Refusal{"The operation " + op.Name + " is a streaming API operation, which is not supported."}
	}
	checked, err := check(op.Input, text, token)
	if err != nil {
		return model.Presence{}, err
	}
	given, err := codec.ReadNamed(checked, op.Input, in)
	if fault, ok := errors.AsType[*codec.Fault](err); ok {
		err = &Refusal{"Parameter validation failed: " + fault.Message}
	}
	return given, err
}

// streams tells whether a structure has a streamed body.
func streams(s *model.Shape) bool {
	return slices.ContainsFunc(s.Members, func(m *model.Member) bool { return m.Streaming })
}

// Write writes an output as boto3 gives it: model.Plain, and the ResponseMetadata
// of a call that needed no second attempt. There are no HTTPHeaders: the call was
// no request of HTTP.
func Write(op *model.Operation, out any, requestID string) (json.RawMessage, error) {
	text, err := model.Plain(op, out)
	if err != nil {
		return nil, err
	}
	return answered(text, op, requestID), nil
}

// answered adds the ResponseMetadata to an output.
func answered(text json.RawMessage, op *model.Operation, requestID string) json.RawMessage {
	text = text[:len(text)-1]
	if len(text) > 1 {
		text = append(text, ',')
	}
	text = codec.AppendQuoted(append(text, `"ResponseMetadata":{"RequestId":`...), requestID)
	return fmt.Appendf(text, `,"HTTPStatusCode":%d,"RetryAttempts":0}}`, op.Status)
}
