package house

import (
	"context"

	"tamachi/internal/aws/services/resourcegroupstaggingapi"
)

// taggingPrincipal is the host name of the tagging API.
const taggingPrincipal = "tagging.amazonaws.com"

// taggable are the rooms whose resources carry tags, by the service in ARNs.
func (r *rooms) taggable() map[string]resourcegroupstaggingapi.Room {
	return map[string]resourcegroupstaggingapi.Room{
		"cloudtrail": r.events, "cloudwatch": r.metrics, "ds": r.directories.Service, "iam": r.iam, "kms": r.kms, "logs": r.logs,
		"s3": r.s3, "ssm": r.fleet.ssm, "workspaces": r.workspaces, "ec2": r.ec2,
	}
}

// tagCalls sends the tagging calls of other services through the gate in their
// caller's name: the gate is made after the rooms.
type tagCalls struct{ *House }

var _ resourcegroupstaggingapi.Calls = tagCalls{}

// Do makes one call as the caller of ctx.
func (c tagCalls) Do(ctx context.Context, service, operation string, in any) (any, error) {
	return c.gate.Via(taggingPrincipal).Do(ctx, service, operation, in)
}
