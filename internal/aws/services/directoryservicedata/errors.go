package directoryservicedata

import (
	"fmt"

	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
)

// say makes an error's text. The wording is ours where the API Reference gives
// none.
func say(format string, args ...any) *string {
	text := fmt.Sprintf(format, args...)
	return &text
}

// AccessDeniedException also answers for a directory that does not exist: the
// service's model says so.
type AccessDeniedException struct {
	Message *string
	Reason  string
}

// ConflictException reports something that is there already.
type ConflictException struct{ Message *string }

// ResourceNotFoundException reports a user that is not there.
type ResourceNotFoundException struct{ Message *string }

// ValidationException reports a request that cannot be.
type ValidationException struct {
	Message *string
	Reason  string
}

// The reasons of a ValidationException that this room gives.
const (
	reasonRealm          = "INVALID_REALM"
	reasonToken          = "INVALID_NEXT_TOKEN"
	reasonAttributeName  = "INVALID_ATTRIBUTE_NAME"
	reasonAttributeValue = "INVALID_ATTRIBUTE_VALUE"
	reasonDuplicate      = "DUPLICATE_ATTRIBUTE"
	reasonUnsupported    = "LDAP_UNSUPPORTED_OPERATION"
)

var (
	_ smithy.APIError = (*AccessDeniedException)(nil)
	_ smithy.APIError = (*ConflictException)(nil)
	_ smithy.APIError = (*ResourceNotFoundException)(nil)
	_ smithy.APIError = (*ValidationException)(nil)
)

func noDirectory(directoryID string) error {
	return &AccessDeniedException{
		Message: say("You don't have permission to access the directory %s, or it does not exist.", directoryID),
		Reason:  "DIRECTORY_AUTH",
	}
}

func noUser(name string) error {
	return &ResourceNotFoundException{Message: say("The user %s couldn't be found.", name)}
}

func invalid(reason, format string, args ...any) error {
	return &ValidationException{Message: say(format, args...), Reason: reason}
}

// checks are what every operation here needs: the operation itself and, as the
// Service Authorization Reference has it for each of them, the right to reach
// the directory's data.
func checks(call *api.Call, operation, directoryID string) []api.Check {
	on := arn.New("ds", call.Region, call.Account, "directory/"+directoryID)
	return append(api.On("ds:AccessDSData", on), api.On("ds-data:"+operation, on)...)
}

// Error is the code and the text.
func (e *AccessDeniedException) Error() string { return e.ErrorCode() + ": " + *e.Message }

// ErrorCode is the model's name of the error.
func (e *AccessDeniedException) ErrorCode() string { return "AccessDeniedException" }

// ErrorMessage is the text for people.
func (e *AccessDeniedException) ErrorMessage() string { return *e.Message }

// ErrorFault says whose fault it is: the caller's.
func (e *AccessDeniedException) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

// Error is the code and the text.
func (e *ConflictException) Error() string { return e.ErrorCode() + ": " + *e.Message }

// ErrorCode is the model's name of the error.
func (e *ConflictException) ErrorCode() string { return "ConflictException" }

// ErrorMessage is the text for people.
func (e *ConflictException) ErrorMessage() string { return *e.Message }

// ErrorFault says whose fault it is: the caller's.
func (e *ConflictException) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

// Error is the code and the text.
func (e *ResourceNotFoundException) Error() string { return e.ErrorCode() + ": " + *e.Message }

// ErrorCode is the model's name of the error.
func (e *ResourceNotFoundException) ErrorCode() string { return "ResourceNotFoundException" }

// ErrorMessage is the text for people.
func (e *ResourceNotFoundException) ErrorMessage() string { return *e.Message }

// ErrorFault says whose fault it is: the caller's.
func (e *ResourceNotFoundException) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

// Error is the code and the text.
func (e *ValidationException) Error() string { return e.ErrorCode() + ": " + *e.Message }

// ErrorCode is the model's name of the error.
func (e *ValidationException) ErrorCode() string { return "ValidationException" }

// ErrorMessage is the text for people.
func (e *ValidationException) ErrorMessage() string { return *e.Message }

// ErrorFault says whose fault it is: the caller's.
func (e *ValidationException) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }
