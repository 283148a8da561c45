package directoryservicedata

import (
	"errors"

	"github.com/aws/smithy-go"

	"tamachi/internal/directory"
)

// DirectoryUnavailableException reports a directory that does not answer.
type DirectoryUnavailableException struct {
	Message *string
	Reason  string
}

var _ smithy.APIError = (*DirectoryUnavailableException)(nil)

// Error is the code and the text.
func (e *DirectoryUnavailableException) Error() string { return e.ErrorCode() + ": " + *e.Message }

// ErrorCode is the model's name of the error.
func (e *DirectoryUnavailableException) ErrorCode() string { return "DirectoryUnavailableException" }

// ErrorMessage is the text for people.
func (e *DirectoryUnavailableException) ErrorMessage() string { return *e.Message }

// ErrorFault says whose fault it is: the directory's, which is the caller's.
func (e *DirectoryUnavailableException) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

// subject is whom a request is about, for its errors.
type subject struct{ user, group, member string }

// refuse says a roster's error in this service's words.
func refuse(err error, about subject) error {
	var refusal *directory.Refusal
	switch {
	case err == nil:
		return nil
	case errors.Is(err, directory.ErrNoUser):
		return noUser(about.user)
	case errors.Is(err, directory.ErrNoGroup):
		return &ResourceNotFoundException{Message: say("The group %s couldn't be found.", about.group)}
	case errors.Is(err, directory.ErrNoMember):
		return &ResourceNotFoundException{Message: say("The member %s couldn't be found.", about.member)}
	case errors.Is(err, directory.ErrNotMember):
		return &ResourceNotFoundException{Message: say("%s is not a member of the group %s.", about.member, about.group)}
	case errors.Is(err, directory.ErrIsMember):
		return &ConflictException{Message: say("%s is a member of the group %s already.", about.member, about.group)}
	case errors.Is(err, directory.ErrNameTaken) && about.user != "":
		return &ConflictException{Message: say("The user %s already exists.", about.user)}
	case errors.Is(err, directory.ErrNameTaken):
		return &ConflictException{Message: say("The group %s already exists.", about.group)}
	case errors.Is(err, directory.ErrHasValue):
		return invalid(reasonHasValue, "An attribute to be added has a value already.")
	case errors.Is(err, directory.ErrNoValue):
		return invalid(reasonNoValue, "An attribute to be removed has no such value.")
	case errors.Is(err, directory.ErrProtected):
		return invalid(reasonUnsupported, "The directory does not allow this change.")
	case errors.As(err, &refusal):
		return &AccessDeniedException{Message: say("The directory refused its service account: %s", refusal.Reason()), Reason: "DIRECTORY_AUTH"}
	case errors.Is(err, directory.ErrUnreachable):
		return &DirectoryUnavailableException{Message: say("The directory does not answer."), Reason: "DIRECTORY_TIMEOUT"}
	}
	return err
}
