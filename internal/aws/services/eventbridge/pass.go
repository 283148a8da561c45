package eventbridge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/store"
)

// busTarget is the name of the bus that is a target; "" for other targets.
func busTarget(target string) string {
	_, name, _ := strings.Cut(target, ":event-bus/")
	return name
}

// along reads a target that is a bus, which gets events as they are.
func (t *target) along(in types.Target) error {
	if err := t.byRole(in); err != nil {
		return err
	}
	if in.Input != nil || in.InputPath != nil || in.InputTransformer != nil {
		return invalid("Input, InputPath and InputTransformer are not supported for target %s.", t.ID)
	}
	return t.inputs(in)
}

// pass lets another bus have an event. Source: EventBridge User Guide, "Sending
// events between event buses in the same account and Region".
func (s *Service) pass(ctx context.Context, d Delivery) error {
	var e event
	if err := json.Unmarshal([]byte(d.Input), &e); err != nil {
		return fmt.Errorf("%w: %w", ErrForGood, err)
	}
	sc, where := store.In(d.Account, d.Region), busTarget(d.Target)
	own, err := s.putOn(ctx, sc, where, e.Source, e.DetailType)
	if err != nil {
		return err
	}
	if err := s.ports.Targets.May(ctx, d, own); err != nil {
		return err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if _, err := findBus(tx, sc, where); err != nil {
			return err
		}
		return s.meet(tx, sc, where, &e, errand{ID: e.ID, Event: d.Input, Passed: true})
	})
	if gone, ok := errors.AsType[*types.ResourceNotFoundException](err); ok {
		return fmt.Errorf("%w: %s", ErrForGood, gone.ErrorMessage())
	}
	return err
}
