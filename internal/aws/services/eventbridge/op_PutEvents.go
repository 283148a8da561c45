package eventbridge

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutEvents puts events on buses; each is taken or refused for itself.
func (s *Service) PutEvents(ctx context.Context, in *eventbridge.PutEventsInput) (*eventbridge.PutEventsOutput, error) {
	call, now := api.CallFrom(ctx), s.clock.Now()
	if in.EndpointId != nil {
		return nil, invalid("There are no global endpoints here.")
	}
	size := 0
	for _, e := range in.Entries {
		size += len(deref(e.Source)) + len(deref(e.DetailType)) + len(deref(e.Detail))
	}
	if size > mostEvents {
		return nil, invalid("Total size of the entries in the request is over the limit.")
	}
	out := &eventbridge.PutEventsOutput{Entries: make([]types.PutEventsResultEntry, len(in.Entries))}
	for i, e := range in.Entries {
		if code, text := checkEntry(e); code != "" {
			out.Entries[i] = types.PutEventsResultEntry{ErrorCode: &code, ErrorMessage: &text}
			out.FailedEntryCount++
		} else {
			out.Entries[i].EventId = new(s.ids.UUID())
		}
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		for i, e := range in.Entries {
			if out.Entries[i].EventId == nil {
				continue
			}
			sc, where, err := busAt(call, e.EventBusName)
			if err == nil {
				_, err = findBus(tx, sc, where)
			}
			if err != nil {
				return err
			}
			one := &event{Account: call.Account, DetailType: *e.DetailType, Source: *e.Source, Time: stamp(now), Resources: e.Resources, Detail: json.RawMessage(*e.Detail)}
			if e.Time != nil {
				one.Time = stamp(*e.Time)
			}
			if err := s.take(tx, sc, where, one, *out.Entries[i].EventId); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// mostEvents is how long the events of a request may be together.
const mostEvents = 256 << 10

// longestDetailType is how many characters a detail-type has.
// Source: EventBridge API Reference, "PutEventsRequestEntry".
const longestDetailType = 128

// checkEntry says why an event is none. Source: EventBridge API Reference,
// "PutEventsResultEntry".
func checkEntry(e types.PutEventsRequestEntry) (code, text string) {
	for _, m := range []struct {
		name  string
		value *string
	}{{"Source", e.Source}, {"DetailType", e.DetailType}, {"Detail", e.Detail}} {
		if deref(m.value) == "" {
			return "InvalidArgument", "Parameter " + m.name + " is not valid. Reason: " + m.name + " is a required argument."
		}
	}
	if utf8.RuneCountInString(*e.DetailType) > longestDetailType {
		return "InvalidArgument", "Parameter DetailType is not valid. Reason: DetailType must have length less than or equal to 128."
	}
	if v, err := decode(*e.Detail); err != nil {
		return "MalformedDetail", "Detail is malformed."
	} else if _, ok := v.(map[string]any); !ok {
		return "MalformedDetail", "Detail is malformed."
	}
	if strings.HasPrefix(*e.Source, "aws.") {
		return "NotAuthorizedForSourceException", "Not authorized for the source."
	}
	return "", ""
}

func (s *Service) putEventsChecks(ctx context.Context, in *eventbridge.PutEventsInput) ([]api.Check, error) {
	var checks []api.Check
	for _, e := range in.Entries {
		sc, name, err := busAt(api.CallFrom(ctx), e.EventBusName)
		if err != nil {
			name = "*" // the operation says what is wrong
		}
		c, err := s.putOn(ctx, sc, name, deref(e.Source), deref(e.DetailType))
		if err != nil {
			return nil, err
		}
		checks = append(checks, c)
	}
	return checks, nil
}

// putOn is the check of putting an event on a bus.
func (s *Service) putOn(ctx context.Context, sc store.Scope, bus, source, detailType string) (api.Check, error) {
	c, err := s.onBusAt(ctx, "events:PutEvents", sc, bus)
	if err != nil {
		return c, err
	}
	c.Keys["events:source"], c.Keys["events:detail-type"] = source, detailType
	delete(c.Sets, "events:source")
	delete(c.Sets, "events:detail-type")
	return c, nil
}
