package policy

import "slices"

// coveredByRCPs are the services whose resources RCPs hold. Source:
// Organizations User Guide, "Resource control policies (RCPs)", "List of AWS
// services that support RCPs".
var coveredByRCPs = []string{
	"aoss", "appstream", "autoscaling", "budgets", "codebuild", "cognito-identity", "cognito-idp", "dynamodb", "ecr", "events",
	"kms", "logs", "resource-groups", "s3", "secretsmanager", "signin", "sqs", "sts", "support", "workspaces",
}

// CoveredByRCPs tells whether RCPs hold the resources of a service, by the
// prefix of its actions in lower case.
func CoveredByRCPs(service string) bool { return slices.Contains(coveredByRCPs, service) }
