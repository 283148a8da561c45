package account

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go"

	"tamachi/internal/desk/report"
)

// Kind sorts problems by what a person does about them.
type Kind string

// The kinds of problem.
const (
	NoCredentials  Kind = "no-credentials"  // none found
	BadCredentials Kind = "bad-credentials" // found, but not accepted
	NoRegion       Kind = "no-region"
	NoProfile      Kind = "no-profile"
	Unreachable    Kind = "unreachable" // nothing answers at the endpoint
	Denied         Kind = "denied"
	Unknown        Kind = "unknown-operation" // this endpoint does not have the operation
	Throttled      Kind = "throttled"
	Missing        Kind = "missing" // what the call named is not there
	Stopped        Kind = "stopped" // by whoever asked, as by Ctrl-C
	Other          Kind = "other"
)

// Problem is a call that could not be made or was refused.
type Problem struct {
	Kind      Kind   `json:"kind"`
	Action    string `json:"action,omitempty"` // "workspaces:DescribeWorkspaces"
	Code      string `json:"code,omitempty"`
	Message   string `json:"message,omitempty"`
	RequestID string `json:"requestId,omitempty"`
	Err       error  `json:"-"`
}

// Error returns the problem in English.
func (p *Problem) Error() string { return p.In(report.English) }

// Unwrap returns the SDK's error.
func (p *Problem) Unwrap() error { return p.Err }

// Told is the problem as an error that reads in a language.
func (p *Problem) Told(lang report.Lang) error { return &told{p, p.In(lang)} }

type told struct {
	*Problem
	text string
}

// Error returns the problem in the reader's language.
func (t *told) Error() string { return t.text }

// Unwrap returns the problem.
func (t *told) Unwrap() error { return t.Problem }

// Ends tells of a problem that every other call would have too: there is nothing
// to go on for.
func (p *Problem) Ends() bool {
	return p.Kind == NoCredentials || p.Kind == BadCredentials || p.Kind == Unreachable || p.Kind == Stopped
}

// Codes that AWS's services use for the same thing.
// Source: the "Common Errors" page of each API reference.
var (
	deniedCodes = []string{"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized", "AuthorizationError"}
	badCodes    = []string{
		"UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "SignatureDoesNotMatch",
		"InvalidSignatureException", "IncompleteSignature", "IncompleteSignatureException", "MissingAuthenticationToken",
		"MissingAuthenticationTokenException", "ExpiredToken", "ExpiredTokenException", "RequestExpired", "AuthFailure",
	}
	unknownCodes = []string{
		"UnknownOperationException", "UnknownOperation", "InvalidAction", "UnsupportedOperation",
		"UnsupportedOperationException", "NotImplemented", "NotYetImplemented", "501", "404", "405",
	}
	throttledCodes = []string{
		"Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded", "TooManyRequestsException",
		"RequestThrottled", "SlowDown",
	}
	missingCodes = []string{"ResourceNotFoundException", "EntityDoesNotExistException", "UserDoesNotExistException"}
)

// Explain says what an SDK error means. The action is the IAM action of the
// call, or empty. A *Problem stays as it is.
func Explain(action string, err error) *Problem {
	if known, ok := errors.AsType[*Problem](err); ok {
		return known
	}
	if entering(err) {
		action = "sts:AssumeRole"
	}
	p := &Problem{Kind: Other, Action: action, Message: err.Error(), Err: err}
	if withID, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		p.RequestID = withID.ServiceRequestID()
	}
	if answered, ok := errors.AsType[smithy.APIError](err); ok {
		p.Code, p.Message = answered.ErrorCode(), answered.ErrorMessage()
		p.Kind = kindOf(p.Code, err)
		return p
	}
	p.Kind = unanswered(err)
	var wire *net.OpError
	if p.Kind == Unreachable && errors.As(err, &wire) {
		p.Message = wire.Error() // the rest is the SDK's way down to it
	}
	return p
}

// entering tells of a call that was never made: the role for it could not be
// assumed.
func entering(err error) bool {
	for {
		op, ok := errors.AsType[*smithy.OperationError](err)
		if !ok {
			return false
		}
		if op.OperationName == "AssumeRole" {
			return true
		}
		err = op.Err
	}
}

func kindOf(code string, err error) Kind {
	switch {
	case slices.Contains(deniedCodes, code):
		return Denied
	case slices.Contains(badCodes, code):
		return BadCredentials
	case slices.Contains(unknownCodes, code):
		return Unknown
	case slices.Contains(throttledCodes, code):
		return Throttled
	case slices.Contains(missingCodes, code):
		return Missing
	}
	// An endpoint that is not AWS answers an operation it lacks with a bare
	// status and a body of its own.
	var answer *awshttp.ResponseError
	if errors.As(err, &answer) && slices.Contains([]int{http.StatusNotImplemented, http.StatusMethodNotAllowed}, answer.HTTPStatusCode()) {
		return Unknown
	}
	return Other
}

// unanswered tells apart the errors that came from this side of the wire.
func unanswered(err error) Kind {
	if errors.Is(err, context.Canceled) {
		return Stopped
	}
	if _, ok := errors.AsType[config.SharedConfigProfileNotExistError](err); ok {
		return NoProfile
	}
	if _, ok := errors.AsType[ratelimit.QuotaExceededError](err); ok {
		return Throttled
	}
	var answer *awshttp.ResponseError
	if notAWS(err) {
		return Unknown
	}
	if errors.As(err, &answer) && answer.Response != nil && answer.HTTPStatusCode() > 0 {
		if s := answer.HTTPStatusCode(); s == http.StatusNotImplemented || s == http.StatusNotFound || s == http.StatusMethodNotAllowed {
			return Unknown
		}
		return Other
	}
	text := err.Error()
	// The SDK's credential chain and endpoint rules have no error types.
	if !entering(err) && (strings.Contains(text, "failed to refresh cached credentials") || strings.Contains(text, "get credentials")) {
		return NoCredentials
	}
	if strings.Contains(text, "Invalid Configuration: Missing Region") {
		return NoRegion
	}
	var op *net.OpError
	var dns *net.DNSError
	var bad *url.Error
	if errors.As(err, &op) || errors.As(err, &dns) || errors.As(err, &bad) || errors.Is(err, os.ErrDeadlineExceeded) {
		return Unreachable
	}
	return Other
}

// notAWS tells whether an endpoint broke down over a call in a way of its own.
func notAWS(err error) bool {
	var answer *awshttp.ResponseError
	var body *smithy.DeserializationError
	return errors.As(err, &answer) && errors.As(err, &body) && answer.Response != nil &&
		answer.HTTPStatusCode() == http.StatusInternalServerError
}

var arnInDenial = regexp.MustCompile(`arn:aws[a-z-]*:(?:iam|sts)::[0-9]*:[\w+=,.@/-]+`)

// Caller is who was denied, where the endpoint says so.
func (p *Problem) Caller() string { return arnInDenial.FindString(p.Message) }
