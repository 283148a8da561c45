package house

import (
	"context"
	"errors"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/resourcegroups"
	"tamachi/internal/aws/services/resourcegroupstaggingapi"
	"tamachi/internal/aws/services/ssm/managednodes"
	"tamachi/internal/store"
)

// taggingPrincipal is the host name of the tagging API.
const taggingPrincipal = "tagging.amazonaws.com"

// taggable are the rooms whose resources carry tags, by the service in ARNs.
func (r *rooms) taggable() map[string]resourcegroupstaggingapi.Room {
	return map[string]resourcegroupstaggingapi.Room{
		"cloudtrail": r.events, "cloudwatch": r.metrics, "ds": r.directories.Service, "iam": r.iam, "kms": r.kms, "logs": r.logs,
		"s3": r.s3, "ssm": r.fleet.ssm, "workspaces": r.workspaces, "ec2": r.ec2, "resource-groups": r.groups, "sns": r.sns, "events": r.bridge,
	}
}

// tagCalls sends the tagging calls of other services through the gate in their
// caller's name: the gate is made after the rooms.
type tagCalls struct{ h *House }

var _ resourcegroupstaggingapi.Calls = tagCalls{}

// Do makes one call as the caller of ctx.
func (c tagCalls) Do(ctx context.Context, service, operation string, in any) (any, error) {
	return c.h.gate.Via(taggingPrincipal).Do(ctx, service, operation, in)
}

// everything finds for resource groups what the Tag Editor finds.
type everything struct{ h *House }

var _ resourcegroups.Resources = everything{}

// Find lists the tagged resources of an account in a Region.
func (e everything) Find(ctx context.Context, account, region string, wanted func(service string) bool) ([]api.Tagged, error) {
	return e.h.rooms.tagging.Find(ctx, account, region, wanted)
}

// nodeGroups lets groups be targets of commands and associations.
type nodeGroups struct{ h *House }

var _ managednodes.Groups = nodeGroups{}

// Group returns what tells whether a group holds a resource; nil when there is
// no such group.
func (g nodeGroups) Group(tx *store.Tx, scope store.Scope, name string) (func(kind string, tags map[string]string) bool, error) {
	q, err := g.h.rooms.groups.Group(tx, scope, name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return q.Fits, nil
}
