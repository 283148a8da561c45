package eventbridge

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/eventpattern"
	"tamachi/internal/schedule"
	"tamachi/internal/store"
)

// rule is the stored form of a rule with its targets.
type rule struct {
	Name        string
	Bus         string
	Account     string
	Region      string
	Pattern     string  `json:",omitempty"`
	Schedule    string  `json:",omitempty"`
	Disabled    bool    `json:",omitempty"`
	Description *string `json:",omitempty"`
	Role        *string `json:",omitempty"`
	CreatedBy   string
	Tags        map[string]string `json:",omitempty"`
	Targets     []target          `json:",omitempty"`
	Next        time.Time         // when the schedule is due
}

// target is where a rule sends its events.
type target struct {
	ID       string
	ARN      string
	Role     string            `json:",omitempty"`
	Input    *string           `json:",omitempty"`
	Path     *string           `json:",omitempty"`
	Template *string           `json:",omitempty"`
	Paths    map[string]string `json:",omitempty"`
	Nodes    []Nodes           `json:",omitempty"`
	Web      *extra            `json:",omitempty"` // of an API destination
	Retries  *int32            `json:",omitempty"`
	Oldest   *int32            `json:",omitempty"` // seconds
}

var rules = store.Table[rule]{
	Name: "eventbridge.rules", Reach: store.Regional, Key: func(r *rule) string { return r.Bus + "/" + r.Name },
	Indexes: map[string]func(*rule) string{
		"bus": func(r *rule) string { return r.Bus },
		"listens": func(r *rule) string { // for events
			if r.Disabled || r.Pattern == "" {
				return ""
			}
			return r.Bus
		},
		"clock": func(r *rule) string {
			if r.Disabled || r.Schedule == "" {
				return ""
			}
			return "yes"
		},
	},
}

const (
	// mostTargets is how many a rule has; mostRules a bus. Source: EventBridge
	// User Guide, "Quotas".
	mostTargets = 5
	mostRules   = 300
)

func (r *rule) scope() store.Scope { return store.In(r.Account, r.Region) }

func (r *rule) arn() string { return ruleARN(r.scope(), r.Bus, r.Name) }

func ruleARN(sc store.Scope, bus, name string) string {
	if bus != defaultBus {
		name = bus + "/" + name
	}
	return arn.New("events", sc.Region, sc.Account, "rule/"+name).String()
}

func (r *rule) state() types.RuleState {
	if r.Disabled {
		return types.RuleStateDisabled
	}
	return types.RuleStateEnabled
}

func (r *rule) listed() types.Rule {
	return types.Rule{
		Name: &r.Name, Arn: new(r.arn()), EventPattern: api.Optional(r.Pattern), ScheduleExpression: api.Optional(r.Schedule), State: r.state(),
		Description: r.Description, RoleArn: r.Role, EventBusName: &r.Bus,
	}
}

// findRule reads the rule of a request.
func findRule(tx *store.Tx, call *api.Call, name, given *string) (*rule, error) {
	where, err := busNamed(call, given)
	if err != nil {
		return nil, err
	}
	if _, err := findBus(tx, store.In(call.Place()), where); err != nil {
		return nil, err
	}
	r, err := rules.Get(tx, store.In(call.Place()), where+"/"+*name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, missing("Rule %s does not exist on EventBus %s.", *name, where)
	}
	return r, err
}

// change changes the rule of a request.
func (s *Service) change(ctx context.Context, name, given *string, move func(r *rule) error) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		r, err := findRule(tx, api.CallFrom(ctx), name, given)
		if err != nil {
			return err
		}
		if err := move(r); err != nil {
			return err
		}
		return rules.Put(tx, r.scope(), r)
	})
}

// onRule is the check of an action on a rule.
func (s *Service) onRule(ctx context.Context, action string, name, given *string) (api.Check, error) {
	call := api.CallFrom(ctx)
	where, err := busNamed(call, given)
	if err != nil {
		where = defaultBus // the operation says what is wrong
	}
	c := known(api.Check{Action: action, Resource: ruleARN(store.In(call.Place()), where, deref(name))})
	err = s.store.View(ctx, func(tx *store.Tx) error {
		r, err := rules.Get(tx, store.In(call.Place()), where+"/"+deref(name))
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			c.Tags = r.Tags
			c.Keys["events:creatorAccount"] = r.Account
		}
		return err
	})
	return c, err
}

func (s *Service) ruleChecks(ctx context.Context, action string, name, given *string) ([]api.Check, error) {
	c, err := s.onRule(ctx, action, name, given)
	return []api.Check{c}, err
}

// checkRole refuses what is no role.
func checkRole(given *string) error {
	if given == nil {
		return nil
	}
	if a, err := arn.Parse(*given); err != nil || a.Service != "iam" || !strings.HasPrefix(a.Resource, "role/") {
		return invalid("Parameter %s is not valid. Reason: Provided Arn is not in correct format.", *given)
	}
	return nil
}

// passRole are the checks of handing roles to the service.
func passRole(roles ...*string) (out []api.Check) {
	for _, r := range roles {
		if r == nil || !strings.Contains(*r, ":iam:") {
			continue
		}
		out = append(out, api.Check{
			Action: "iam:PassRole", Resource: *r, Keys: map[string]string{"iam:PassedToService": "events.amazonaws.com"},
			Sets: map[string][]string{"iam:AssociatedResourceArn": nil},
		})
	}
	return out
}

// timed reads a schedule, which is a rate or a cron expression in UTC.
func timed(text string) (schedule.Schedule, error) {
	sc, err := schedule.Parse(text, time.UTC)
	if err != nil || strings.HasPrefix(text, "at(") {
		return sc, invalid("Parameter ScheduleExpression is not valid.")
	}
	return sc, nil
}

// checkPattern refuses what is no pattern.
func checkPattern(text string) (*eventpattern.Pattern, error) {
	p, err := eventpattern.Parse(text)
	if err != nil {
		return nil, &types.InvalidEventPatternException{Message: new("Event pattern is not valid. Reason: " + err.Error())}
	}
	return p, nil
}
