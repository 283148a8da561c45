package eventbridge

import (
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/arn"
	"tamachi/internal/store"
)

// destination is the stored form of an API destination: an endpoint that
// events are sent to.
type destination struct {
	Name        string
	ID          string // the end of its ARN
	Account     string
	Region      string
	Description *string `json:",omitempty"`
	Connection  string  // its ARN
	Endpoint    string
	Method      types.ApiDestinationHttpMethod
	Rate        int32 `json:",omitempty"` // requests a second; 0 is usualRate
	Created     time.Time
	Modified    time.Time
}

var destinations = store.Table[destination]{
	Name: "eventbridge.destinations", Reach: store.Regional, Key: func(d *destination) string { return d.Name },
	Indexes: map[string]func(*destination) string{"connection": func(d *destination) string { return d.Connection }},
}

const (
	// mostDestinations is how many an account has in a Region; usualRate how many
	// requests a second go to one. Source: EventBridge User Guide, "Quotas".
	mostDestinations = 3000
	usualRate        = 300
)

func (d *destination) scope() store.Scope { return store.In(d.Account, d.Region) }

func (d *destination) arn() string {
	return arn.New("events", d.Region, d.Account, "api-destination/"+d.Name+"/"+d.ID).String()
}

func (d *destination) rate() *int32 {
	if d.Rate == 0 {
		return new(int32(usualRate))
	}
	return &d.Rate
}

// state is that of a destination with its connection. Source: EventBridge API
// Reference, "ApiDestination".
func (d *destination) state(tx *store.Tx) (types.ApiDestinationState, error) {
	c, err := connectionAt(tx, d.scope(), d.Connection)
	if _, gone := errors.AsType[*types.ResourceNotFoundException](err); gone {
		return types.ApiDestinationStateInactive, nil
	}
	if err != nil || c.State == types.ConnectionStateDeauthorized {
		return types.ApiDestinationStateInactive, err
	}
	return types.ApiDestinationStateActive, nil
}

func findDestination(tx *store.Tx, sc store.Scope, name string) (*destination, error) {
	return byName(tx, sc, &destinations, name, "An api-destination '%s' does not exist.")
}

// destinationNamed is the name in the ARN of a destination; "" for any other.
func destinationNamed(target string) string {
	_, rest, ok := strings.Cut(target, ":api-destination/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}
