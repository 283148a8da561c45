package cloudwatchlogs

import "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

func invalid(text string) error { return &types.InvalidParameterException{Message: &text} }

func missing(text string) error { return &types.ResourceNotFoundException{Message: &text} }

func exists(text string) error { return &types.ResourceAlreadyExistsException{Message: &text} }

func noGroup() error { return missing("The specified log group does not exist.") }

func noStream() error { return missing("The specified log stream does not exist.") }

func badToken() error { return invalid("The specified nextToken is invalid.") }
