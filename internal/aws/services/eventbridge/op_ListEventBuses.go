package eventbridge

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListEventBuses lists the buses of the account in the Region by name.
func (s *Service) ListEventBuses(ctx context.Context, in *eventbridge.ListEventBusesInput) (*eventbridge.ListEventBusesOutput, error) {
	call := api.CallFrom(ctx)
	p, err := pageAt("ListEventBuses", in.NextToken, in.Limit)
	if err != nil {
		return nil, err
	}
	var list []*bus
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		if list, err = buses.List(tx, store.In(call.Place()), store.Page{}); err != nil {
			return err
		}
		if slices.ContainsFunc(list, func(b *bus) bool { return b.Name == defaultBus }) {
			return nil
		}
		own, err := findBus(tx, store.In(call.Place()), defaultBus)
		list = append(list, own)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b *bus) int { return strings.Compare(a.Name, b.Name) })
	out := &eventbridge.ListEventBusesOutput{EventBuses: []types.EventBus{}}
	for _, b := range list {
		if !p.takes(b.Name, deref(in.NamePrefix)) {
			continue
		}
		if p.full(len(out.EventBuses)) {
			out.NextToken = p.token(*out.EventBuses[len(out.EventBuses)-1].Name)
			break
		}
		out.EventBuses = append(out.EventBuses, types.EventBus{Name: &b.Name, Arn: new(b.arn()), Description: b.Description, Policy: api.Optional(b.Policy)})
	}
	return out, nil
}

func (s *Service) listEventBusesChecks(context.Context, *eventbridge.ListEventBusesInput) ([]api.Check, error) {
	return api.OnAny("events:ListEventBuses"), nil
}
