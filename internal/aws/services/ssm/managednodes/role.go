package managednodes

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
	"tamachi/internal/store"
)

// servicePrincipal is who assumes the role of a node, for the node.
const servicePrincipal = "ssm.amazonaws.com"

func roleARN(account, role string) arn.ARN {
	return arn.New("iam", "", account, "role/"+role)
}

// role finds the role that an activation or a node names, with its path, if
// Systems Manager may assume it.
func (s *Service) role(ctx context.Context, scope store.Scope, name string) (Role, error) {
	want := roleARN(scope.Account, name).String()
	refused := &smithy.GenericAPIError{
		Code: "ValidationException", Message: "Nonexistent role or missing ssm service principal in trust policy: " + want,
	}
	found, err := s.ports.Roles.Role(ctx, scope.Account, name[strings.LastIndex(name, "/")+1:])
	if errors.Is(err, ErrNoRole) {
		return Role{}, refused
	}
	if err != nil {
		return Role{}, err
	}
	trust, err := policy.ParseTrust(found.Trust)
	if found.ARN != want || err != nil { // another path; a policy that cannot be read admits nobody
		return Role{}, refused
	}
	asked := &policy.Request{Action: "sts:assumerole", Resource: found.ARN, Who: policy.Who{Kind: policy.Service, Service: servicePrincipal}, Keys: assuming(scope)}
	if trust.Decide(asked).Outcome != policy.Allow {
		return Role{}, refused
	}
	return found, nil
}

// assuming answers the condition keys of the service's own AssumeRole: for
// whose nodes it acts. Source: Systems Manager User Guide, "Create the IAM
// service role required for Systems Manager in hybrid and multicloud
// environments".
type assuming store.Scope

// Values returns the values of a key.
func (a assuming) Values(key string) (values []string, known bool) {
	switch key {
	case "aws:sourceaccount":
		return []string{a.Account}, true
	case "aws:sourcearn":
		return []string{nodeARN(store.Scope(a), "*").String()}, true
	}
	return nil, true
}

// passCheck is that of handing a role to Systems Manager.
func passCheck(account, role string) api.Check {
	return api.Check{
		Action: "iam:PassRole", Resource: roleARN(account, role).String(),
		Keys: map[string]string{"iam:PassedToService": servicePrincipal},
	}
}
