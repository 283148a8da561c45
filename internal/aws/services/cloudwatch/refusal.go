package cloudwatch

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
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
