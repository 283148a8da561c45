package cloudwatch

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"
)

func badValue(format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	return &types.InvalidParameterValueException{Message: &text}
}

func badCombination(format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	return &types.InvalidParameterCombinationException{Message: &text}
}

func absent(parameter string) error {
	text := "The parameter " + parameter + " is required."
	return &types.MissingRequiredParameterException{Message: &text}
}

// invalid is the error of operations on alarms, whose models list none for it.
func invalid(format string, args ...any) error {
	return &smithy.GenericAPIError{Code: "ValidationError", Message: fmt.Sprintf(format, args...)}
}

// reworded is an error of metrics or tags as operations on alarms say it.
func reworded(err error) error {
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return invalid("%s", e.ErrorMessage())
	}
	return err
}

func noResource(arn string) error {
	text, kind := "Unknown resource: "+arn, "alarm"
	return &types.ResourceNotFoundException{Message: &text, ResourceId: &arn, ResourceType: &kind}
}

func badToken() error {
	text := "The specified NextToken is invalid."
	return &types.InvalidNextToken{Message: &text}
}
