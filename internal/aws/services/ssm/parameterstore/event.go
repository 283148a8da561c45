package parameterstore

import (
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// tell makes the event of a change. Source: Systems Manager User Guide, "Setting
// up notifications or triggering actions based on Parameter Store events".
func (s *Service) tell(tx *store.Tx, scope store.Scope, p *parameter, operation string) error {
	if s.ports.Events == nil {
		return nil
	}
	detail := map[string]any{"operation": operation, "name": p.Name, "type": p.Type}
	if p.Description != "" {
		detail["description"] = p.Description
	}
	return s.ports.Events.Emit(tx, scope, api.Occurrence{
		Source: "aws.ssm", DetailType: "Parameter Store Change", Resources: []string{arnOf(scope, p.Name)}, At: s.clk.Now(), Detail: detail,
	})
}

// acted makes the event of a policy that has something to tell. Source: as above,
// "Configuring EventBridge rules for parameters and parameter policies".
func (s *Service) acted(tx *store.Tx, scope store.Scope, p *parameter, one policy) error {
	if s.ports.Events == nil {
		return nil
	}
	return s.ports.Events.Emit(tx, scope, api.Occurrence{
		Source: "aws.ssm", DetailType: "Parameter Store Policy Action", Resources: []string{arnOf(scope, p.Name)}, At: s.clk.Now(),
		Detail: map[string]any{
			"policy-type": one.Type, "policy-content": one.Text, "action-status": "Success", "action-reason": "",
			"parameter-name": p.Name, "parameter-type": p.Type,
		},
	})
}
