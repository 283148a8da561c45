package resourcegroupstaggingapi

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
)

// failure shows why a resource's tags were not changed: the code of its own
// service, or InternalServiceException.
// Source: Resource Groups Tagging API Reference, "FailureInfo".
func failure(err error) types.FailureInfo {
	e, ok := errors.AsType[smithy.APIError](err)
	if !ok || e.ErrorCode() == "InternalFailure" {
		return types.FailureInfo{
			StatusCode: 500, ErrorCode: types.ErrorCodeInternalServiceException,
			ErrorMessage: new("The request processing failed because of an unknown error, exception, or failure."),
		}
	}
	return types.FailureInfo{StatusCode: status(e), ErrorCode: types.ErrorCode(e.ErrorCode()), ErrorMessage: new(e.ErrorMessage())}
}

// status is the HTTP status that a service answers an error with.
func status(e smithy.APIError) int32 {
	if f, ok := errors.AsType[*api.Fault](e); ok {
		return int32(f.Status)
	}
	switch {
	case e.ErrorCode() == "AccessDenied": // of IAM and S3; AccessDeniedException is a 400
		return 403
	case e.ErrorCode() == "NoSuchEntity":
		return 404
	case e.ErrorFault() == smithy.FaultServer:
		return 500
	}
	return 400
}
