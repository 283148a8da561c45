package resourcegroups

import (
	"context"

	"tamachi/internal/aws/api"
)

// Resources finds what has tags. The tagging room does.
type Resources interface {
	// Find lists the tagged resources of an account in a Region, of the wanted
	// services, in the order of their ARNs.
	Find(ctx context.Context, account, region string, wanted func(service string) bool) ([]api.Tagged, error)
}

// Ports is what the room asks of the house.
type Ports struct {
	Resources Resources
}
