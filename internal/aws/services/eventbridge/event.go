package eventbridge

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/eventpattern"
	"tamachi/internal/store"
)

// event is one as targets get it. Its members stand in AWS's order.
// Source: EventBridge User Guide, "AWS service event metadata".
type event struct {
	Version    string          `json:"version"`
	ID         string          `json:"id"`
	DetailType string          `json:"detail-type"`
	Source     string          `json:"source"`
	Account    string          `json:"account"`
	Time       string          `json:"time"`
	Region     string          `json:"region"`
	Resources  []string        `json:"resources"`
	Detail     json.RawMessage `json:"detail"`
	Replay     string          `json:"replay-name,omitempty"` // by which it came once more
}

// errand is an event on its way to a target.
type errand struct {
	Due     time.Time
	ID      string // of the event
	Account string
	Region  string
	Rule    string // bus and name
	Target  string // its id
	Event   string // JSON
	Taken   time.Time
	Passed  bool `json:",omitempty"` // another bus sent it: no bus gets it from here
	Tried   int  `json:",omitempty"`
	Turn    bool `json:",omitempty"` // it has waited for its turn: see pace
}

var errands = store.Table[errand]{Name: "eventbridge.errands", Reach: store.Plane, Key: (*errand).key}

func (e *errand) key() string {
	return fmt.Sprintf("%014d/%s/%s/%s/%s/%s", e.Due.UnixMilli(), e.ID, e.Account, e.Region, e.Rule, e.Target)
}

// Listening tells whether a rule or an archive of the scope may want events of
// services.
func (s *Service) Listening(tx *store.Tx, sc store.Scope) (bool, error) {
	some, err := rules.By(tx, sc, "listens", defaultBus, store.Page{Limit: 1})
	if err != nil || len(some) > 0 {
		return len(some) > 0, err
	}
	keeping, err := archives.By(tx, sc, "bus", defaultBus, store.Page{Limit: 1})
	return len(keeping) > 0, err
}

// Emit takes an event of a service in the transaction of what it tells of.
func (s *Service) Emit(tx *store.Tx, sc store.Scope, o api.Occurrence) error {
	listening, err := s.Listening(tx, sc)
	if err != nil || !listening {
		return err
	}
	detail, err := encode(o.Detail)
	if err != nil {
		return fmt.Errorf("event %s: %w", o.DetailType, err)
	}
	return s.take(tx, sc, defaultBus, &event{
		DetailType: o.DetailType, Source: o.Source, Time: stamp(o.At), Resources: o.Resources, Detail: json.RawMessage(detail),
	}, s.ids.UUID())
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// take holds an event against the archives and rules of a bus, and leaves errands
// for the targets of those that it fits.
func (s *Service) take(tx *store.Tx, sc store.Scope, where string, e *event, id string) error {
	text, err := e.complete(sc, id)
	if err != nil {
		return err
	}
	return s.meet(tx, sc, where, e, errand{ID: id, Event: text})
}

// meet is take for a complete event, which the errands then carry.
func (s *Service) meet(tx *store.Tx, sc store.Scope, where string, e *event, carried errand) error {
	list, err := rules.By(tx, sc, "listens", where, store.Page{})
	if err != nil {
		return err
	}
	keeping, err := archives.By(tx, sc, "bus", where, store.Page{})
	if err != nil || len(list)+len(keeping) == 0 {
		return err
	}
	v, err := decode(carried.Event)
	if err != nil {
		return err
	}
	if err := s.keep(tx, keeping, e, carried.Event, v); err != nil {
		return err
	}
	return s.match(tx, list, carried, v)
}

// match leaves errands for the targets of the rules that an event fits.
func (s *Service) match(tx *store.Tx, list []*rule, carried errand, v any) error {
	for _, r := range list {
		p, err := eventpattern.Parse(r.Pattern)
		if err != nil {
			return fmt.Errorf("pattern of rule %s: %w", r.Name, err)
		}
		if !p.Matches(v) {
			continue
		}
		if err := s.send(tx, r, carried); err != nil {
			return err
		}
	}
	return nil
}

// complete fills in what the room knows.
func (e *event) complete(sc store.Scope, id string) (string, error) {
	e.Version, e.ID, e.Region = "0", id, sc.Region
	e.Account = cmp.Or(e.Account, sc.Account) // who sent it, which may be another than the bus's
	if e.Resources == nil {
		e.Resources = []string{}
	}
	return encode(e)
}

// send leaves an errand for each target of a rule. What another bus sent goes to
// no third one. Source: EventBridge User Guide, "Sending events between event buses
// in the same account and Region".
func (s *Service) send(tx *store.Tx, r *rule, one errand) error {
	now := s.clock.Now()
	one.Due, one.Taken, one.Account, one.Region, one.Rule = now, now, r.Account, r.Region, r.Bus+"/"+r.Name
	for _, t := range r.Targets {
		if one.Passed && busTarget(t.ARN) != "" {
			continue
		}
		one.Target = t.ID
		if err := errands.Put(tx, store.Scope{}, &one); err != nil {
			return err
		}
	}
	return nil
}

// find reads the rule and the target of an errand; nil when they are gone.
func (e *errand) find(tx *store.Tx) (*rule, *target, error) {
	r, err := rules.Get(tx, store.In(e.Account, e.Region), e.Rule)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	for i := range r.Targets {
		if r.Targets[i].ID == e.Target {
			return r, &r.Targets[i], nil
		}
	}
	return nil, nil, nil
}
