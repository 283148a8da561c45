package gate

import (
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
)

// beyond is the answer to a call that credentials of this kind cannot make,
// whatever policies allow: a session of a user without a second factor, and a
// federated one, cannot call IAM. What a service asks for them is no such call.
// Source: IAM User Guide, "Compare AWS STS credentials".
func beyond(r *row, call *api.Call) error {
	c := &call.Caller
	if r.service.Name != "iam" || c.Session == nil || call.SentBy != "" || len(call.Via) > 0 {
		return nil
	}
	user := c.Type == api.IAMUser || c.Type == api.Root
	if c.Type == api.FederatedUser || user && !c.Session.MFA {
		return &smithy.GenericAPIError{Code: "InvalidClientTokenId", Message: "The security token included in the request is invalid"}
	}
	return nil
}
