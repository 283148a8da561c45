package account

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/aws/smithy-go"

	"tamachi/internal/desk/account/bare"
)

// Plane calls an operation of the plane's own, which AWS does not have: on AWS
// itself it is answered as an unknown operation, without a call. Such operations
// are signed as the service tamachi. Errors are *Problem.
func (a *Account) Plane(ctx context.Context, operation string, in, out any) error {
	action := "tamachi:" + operation
	if a.Endpoint == "" {
		return &Problem{Kind: Unknown, Action: action, Message: "AWS has no such operation"}
	}
	err := a.plane.Do(ctx, bare.Call{
		Operation: operation, URL: strings.TrimRight(a.Endpoint, "/") + "/", In: in, Out: out,
		Header: http.Header{"Content-Type": {"application/x-amz-json-1.1"}, "X-Amz-Target": {"Tamachi." + operation}},
	})
	if err == nil {
		return nil
	}
	if _, foreign := errors.AsType[*smithy.DeserializationError](err); foreign {
		return &Problem{Kind: Unknown, Action: action, Message: "the endpoint is no plane", Err: err}
	}
	return Explain(action, err)
}
