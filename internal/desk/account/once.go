package account

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"syscall"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
)

// once marks a context. Its calls are not made again where nobody knows whether
// the first one took effect.
type once struct{}

// Once returns a context for calls that change something. A call that was
// refused, or throttled, or never left, is tried again as every other. One that
// was sent, and whose answer never came or tells of a failure inside AWS, is not:
// Unsure tells of it, and who called looks before it asks again. AWS has no
// client token for CreateWorkspaces, and a second reboot is a second reboot.
func Once(ctx context.Context) context.Context { return context.WithValue(ctx, once{}, true) }

func isOnce(ctx context.Context) bool { return ctx.Value(once{}) != nil }

// lost is the answer that did not come to a call that must not be made twice.
type lost struct{ err error }

// Error is the cause's.
func (l *lost) Error() string { return l.err.Error() }

// Unwrap returns the cause.
func (l *lost) Unwrap() error { return l.err }

// sent marks what came of a request that must not be made twice, unless it never
// left.
func sent(ctx context.Context, err error) error {
	var dial *net.OpError
	unsent := errors.Is(err, syscall.ECONNREFUSED) || errors.As(err, &dial) && dial.Op == "dial"
	if err == nil || !isOnce(ctx) || unsent {
		return err
	}
	return &lost{err}
}

// Unsure tells whether a call made with Once failed so that it may have taken
// effect all the same.
func Unsure(err error) bool {
	if _, is := errors.AsType[*lost](err); is {
		return true
	}
	var answer *awshttp.ResponseError
	if !errors.As(err, &answer) || answer.Response == nil || answer.Response.Response == nil || answer.Response.Request == nil {
		return false
	}
	refusal, known := errors.AsType[smithy.APIError](err)
	throttled := known && slices.Contains(throttledCodes, refusal.ErrorCode())
	return answer.Response.StatusCode >= http.StatusInternalServerError && !throttled && isOnce(answer.Response.Request.Context())
}
