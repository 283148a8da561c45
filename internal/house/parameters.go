package house

import (
	"context"
	"encoding/json"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/parameterstore"
)

// ssmPrincipal is the host name of Systems Manager.
const ssmPrincipal = "ssm.amazonaws.com"

// announce writes what a parameter policy tells into the trail: there is no
// EventBridge here yet. The members are those of the detail of AWS's event
// "Parameter Store Policy Action" (Systems Manager User Guide, "Configuring
// EventBridge rules for parameters and parameter policies").
func (h *House) announce(ctx context.Context, n parameterstore.Notice) context.Context {
	detail, err := json.Marshal(map[string]string{
		"policyType": n.PolicyType, "policyContent": n.PolicyContent, "actionStatus": "Success",
		"parameterName": n.ParameterName, "parameterType": n.ParameterType,
	})
	if err != nil {
		detail = nil // a map of strings always encodes
	}
	return h.rooms.trail.Attach(ctx, &api.Event{
		ID: h.o.IDs.TimeUUID(h.o.Clock.Now()), Time: h.o.Clock.Now(), Account: n.Account, Region: n.Region,
		Source: ssmPrincipal, Name: "ParameterStorePolicyAction",
		Caller:   api.Caller{Type: api.AWSService, Account: n.Account, Name: ssmPrincipal, Service: ssmPrincipal},
		SourceIP: ssmPrincipal, UserAgent: ssmPrincipal, RequestID: h.o.IDs.UUID(), Details: detail, Resources: []string{n.ARN},
	})
}
