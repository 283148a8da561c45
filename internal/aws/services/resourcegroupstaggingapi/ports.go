package resourcegroupstaggingapi

import (
	"context"

	"tamachi/internal/aws/api"
)

// Room is a room whose resources can carry tags.
type Room interface {
	// Tagged lists those of an account in a Region. Resources that belong to no
	// Region are in us-east-1.
	Tagged(ctx context.Context, account, region string) ([]api.Tagged, error)
	// TagActions names the IAM actions that change the tags of a resource; ok
	// tells whether an ARN is one of the room's resources.
	TagActions(arn string) (tag, untag string, ok bool)
}

// Calls sends a call to another service in the name of the caller of ctx.
type Calls interface {
	Do(ctx context.Context, service, operation string, in any) (any, error)
}

// Ports is what the room asks of the house.
type Ports struct {
	Rooms map[string]Room // by the service in their ARNs: "ds"
	Calls Calls
}
