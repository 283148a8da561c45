package gate

import (
	"fmt"
	"strings"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
)

// denial is AWS's answer to a caller without rights, in AWS's words.
func denial(r *row, call *api.Call, action, resource, reason string) error {
	s3 := r.service.Name == "s3"
	msg := fmt.Sprintf("User: %s is not authorized to perform: %s", nameOf(&call.Caller), action)
	switch {
	case resource == "*":
	case s3:
		msg += ` on resource: "` + resource + `"`
	default:
		msg += " on resource: " + resource
	}
	msg += " " + reason
	switch {
	case s3:
		if call.Caller.Account == "" {
			msg = "Access Denied"
		}
		return &api.Fault{Code: "AccessDenied", Message: msg, Status: 403}
	case r.service.Protocol == "ec2":
		return &smithy.GenericAPIError{Code: "UnauthorizedOperation", Message: "You are not authorized to perform this operation. " + msg}
	case r.service.Name == "sns":
		if name, own := strings.CutPrefix(action, "sns:"); own { // SNS writes its own actions so
			msg = strings.ReplaceAll(msg, " "+action, " SNS:"+name)
		}
		return &smithy.GenericAPIError{Code: "AuthorizationError", Message: msg}
	case r.service.Protocol == "query":
		return &smithy.GenericAPIError{Code: "AccessDenied", Message: msg}
	}
	return &smithy.GenericAPIError{Code: "AccessDeniedException", Message: msg}
}

// nameOf is how a denial names the caller.
func nameOf(c *api.Caller) string {
	switch {
	case c.ARN != "":
		return c.ARN
	case c.Service != "":
		return c.Service
	}
	return "anonymous"
}
