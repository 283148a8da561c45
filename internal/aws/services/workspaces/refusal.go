package workspaces

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/aws/smithy-go"
)

// The codes of failed requests. The package comment says which of them AWS's
// customers have seen.
const (
	codeState       = "InvalidResourceState.Workspace"
	codeUnknown     = "ResourceNotFound.Workspace"
	codeBusy        = "OperationInProgressException"
	codeInvalid     = "InvalidParameterValuesException"
	codeUnsupported = "UnsupportedWorkspaceConfigurationException"
	codeLimit       = "ResourceLimitExceededException"
	codeUnavailable = "ResourceUnavailableException"
)

// refusal is the reason of a failed request, in the API's two members.
type refusal struct{ code, message string }

// exception is the refusal as the error of a whole call.
func (r *refusal) exception() error {
	switch r.code {
	case codeLimit:
		return &types.ResourceLimitExceededException{Message: &r.message}
	case codeBusy:
		return &types.OperationInProgressException{Message: &r.message}
	case codeState:
		return &types.InvalidResourceStateException{Message: &r.message}
	case codeUnknown:
		return &types.ResourceNotFoundException{Message: &r.message}
	case codeUnavailable:
		return &types.ResourceUnavailableException{Message: &r.message}
	case codeUnsupported:
		return &types.UnsupportedWorkspaceConfigurationException{Message: &r.message}
	}
	return invalid(r.message)
}

func invalid(message string) error { return &types.InvalidParameterValuesException{Message: &message} }

// invalidToken is for operations whose model has no error for a wrong parameter.
func invalidToken() error {
	return &smithy.GenericAPIError{Code: "ValidationException", Message: "The specified NextToken is invalid."}
}

func unknownDesktop(id string) *refusal {
	return &refusal{codeUnknown, fmt.Sprintf("The WorkSpace %s could not be found.", id)}
}
