package eventbridge

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// bus is the stored form of a bus. The default one is stored when something of
// it was changed.
type bus struct {
	Name        string
	Account     string
	Region      string
	Description *string           `json:",omitempty"`
	Policy      string            `json:",omitempty"`
	Tags        map[string]string `json:",omitempty"`
	Created     time.Time
	Modified    time.Time
}

var buses = store.Table[bus]{
	Name: "eventbridge.buses", Reach: store.Regional, Key: func(b *bus) string { return b.Name },
}

const defaultBus = "default"

var busName = regexp.MustCompile(`^[._A-Za-z0-9-]{1,256}$`)

func busARN(sc store.Scope, name string) string {
	return arn.New("events", sc.Region, sc.Account, "event-bus/"+name).String()
}

func (b *bus) arn() string { return busARN(store.In(b.Account, b.Region), b.Name) }

// findBus reads a bus; the default one is always there.
func findBus(tx *store.Tx, sc store.Scope, name string) (*bus, error) {
	b, err := buses.Get(tx, sc, name)
	if errors.Is(err, store.ErrNotFound) {
		if name == defaultBus {
			return &bus{Name: defaultBus, Account: sc.Account, Region: sc.Region}, nil
		}
		return nil, missing("Event bus %s does not exist.", name)
	}
	return b, err
}

// busNamed is the name of the bus that a request means by a name or an ARN.
func busNamed(call *api.Call, given *string) (string, error) {
	name := deref(given)
	if name == "" {
		return defaultBus, nil
	}
	if strings.HasPrefix(name, "arn:") {
		a, err := arn.Parse(name)
		bare, ok := strings.CutPrefix(a.Resource, "event-bus/")
		if err != nil || !ok {
			return "", invalid("Parameter EventBusName is not valid.")
		}
		if a.Account != call.Account || a.Region != call.Region {
			return "", missing("Event bus %s does not exist.", bare)
		}
		name = bare
	}
	if !busName.MatchString(name) {
		return "", missing("Event bus %s does not exist.", name)
	}
	return name, nil
}

// busAt is busNamed for events, which another account's bus takes too where its
// policy lets it. Source: EventBridge User Guide, "Sending and receiving events
// between AWS accounts".
func busAt(call *api.Call, given *string) (store.Scope, string, error) {
	sc := store.In(call.Place())
	a, err := arn.Parse(deref(given))
	if name, ok := strings.CutPrefix(a.Resource, "event-bus/"); err == nil && ok && a.Service == "events" && a.Region == call.Region && busName.MatchString(name) {
		sc.Account = a.Account
		return sc, name, nil
	}
	name, err := busNamed(call, given)
	return sc, name, err
}

// changeBus changes the bus that a request means.
func (s *Service) changeBus(ctx context.Context, given *string, move func(*bus) error) (b *bus, err error) {
	call, now := api.CallFrom(ctx), s.clock.Now()
	name, err := busNamed(call, given)
	if err != nil {
		return nil, err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if b, err = findBus(tx, store.In(call.Place()), name); err != nil {
			return err
		}
		if err := move(b); err != nil {
			return err
		}
		if b.Created.IsZero() {
			b.Created = now
		}
		b.Modified = now
		return buses.Put(tx, store.In(call.Place()), b)
	})
	return b, err
}

// onBus is the check of an action on a bus.
func (s *Service) onBus(ctx context.Context, action string, given *string) (api.Check, error) {
	call := api.CallFrom(ctx)
	name, err := busNamed(call, given)
	if err != nil {
		name = "*" // the operation says what is wrong
	}
	return s.onBusAt(ctx, action, store.In(call.Place()), name)
}

// onBusAt is onBus for a bus of any account.
func (s *Service) onBusAt(ctx context.Context, action string, sc store.Scope, name string) (api.Check, error) {
	c := known(api.Check{Action: action, Resource: busARN(sc, name)})
	err := s.store.View(ctx, func(tx *store.Tx) error {
		b, err := buses.Get(tx, sc, name)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			c.Tags, c.Policy = b.Tags, b.Policy
		}
		return err
	})
	return c, err
}

// known says of the service's condition keys that a request does not carry them.
func known(c api.Check) api.Check {
	c.Keys = map[string]string{}
	c.Sets = map[string][]string{}
	for _, key := range []string{
		"events:creatorAccount", "events:detail-type", "events:detail.eventTypeCode", "events:detail.service",
		"events:detail.userIdentity.principalId", "events:eventBusInvocation", "events:source", "events:TargetArn", "events:ManagedBy", "events:EventBusArn",
	} {
		c.Sets[key] = nil
	}
	return c
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// invalid is the error of input that the model lets pass.
func invalid(format string, args ...any) error {
	return &smithy.GenericAPIError{Code: "ValidationException", Message: fmt.Sprintf(format, args...)}
}

func missing(format string, args ...any) error {
	return &types.ResourceNotFoundException{Message: new(fmt.Sprintf(format, args...))}
}
