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
	reasonHasValue       = "ATTRIBUTE_EXISTS"
	reasonNoValue        = "MISSING_ATTRIBUTE"
	reasonSearch         = "INVALID_ATTRIBUTE_FOR_SEARCH"
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

func closed(directoryID string) error {
	return &AccessDeniedException{
		Message: say("Directory Service Data is disabled for the directory %s.", directoryID),
		Reason:  "DATA_DISABLED",
	}
}

func noUser(name string) error {
	return &ResourceNotFoundException{Message: say("The user %s couldn't be found.", name)}
}

func invalid(reason, format string, args ...any) error {
	return &ValidationException{Message: say(format, args...), Reason: reason}
}

// named is what a request says of the one that it is about, for conditions.
type named struct{ name, realm, member, memberRealm *string }

// checks are what every operation here needs: the operation itself and, as the
// Service Authorization Reference has it for each of them, the right to reach
// the directory's data. The condition keys are those of the same page.
func checks(call *api.Call, operation, directoryID string, about named) []api.Check {
	on := arn.New("ds", call.Region, call.Account, "directory/"+directoryID)
	does := api.On("ds-data:"+operation, on)
	does[0].Keys, does[0].Sets = map[string]string{}, map[string][]string{}
	for key, value := range map[string]*string{
		"ds-data:SAMAccountName": about.name, "ds-data:Realm": about.realm,
		"ds-data:MemberName": about.member, "ds-data:MemberRealm": about.memberRealm,
	} {
		if value == nil {
			does[0].Sets[key] = nil // not in this request
			continue
		}
		does[0].Keys[key] = *value
	}
	if about.name != nil || about.member != nil {
		does[0].Keys["ds-data:Identifier"] = "SAMAccountName"
	} else {
		does[0].Sets["ds-data:Identifier"] = nil
	}
	return append(api.On("ds:AccessDSData", on), does...)
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
