package gate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/model"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// Options are what a gate is made of.
type Options struct {
	Services   []api.Service
	Models     Models
	Recorder   Recorder
	Principals Principals
	// Organizations may be nil: then no account belongs to one.
	Organizations Organizations
	// Controls may be nil: then no control policies stand above an account.
	Controls Controls
	// Messages may be nil: then no denial carries an encoded message.
	Messages Messages
	Clock    clock.Clock
	IDs      *id.Source
	Log      *slog.Logger
	// Throttle is Strict to refuse calls beyond AWS's quotas, empty for never.
	Throttle string
	// Services that may call as themselves, with the actions each may use.
	ServicePrincipals map[string][]string
}

// Gate runs calls against the rows of all rooms.
type Gate struct {
	rows       map[string]map[string]*row
	recorder   Recorder
	principals Principals
	orgs       Organizations // nil for none
	controls   Controls      // nil for none
	messages   Messages      // nil for none
	clock      clock.Clock
	ids        *id.Source
	log        *slog.Logger
	services   map[string][]string // what services may do as themselves
	prefixes   map[string]bool     // of the condition keys of all rooms
	documents  documents
	throttle   *throttle // nil for none
}

// row is an operation with its model.
type row struct {
	api.Operation
	service *model.Service
	model   *model.Operation
}

// New checks every row against its model and returns the gate. An error is a
// programmer's mistake: a row that no model knows, or one named twice.
func New(o Options) (*Gate, error) {
	g := &Gate{
		rows: make(map[string]map[string]*row), recorder: o.Recorder, principals: o.Principals, orgs: o.Organizations, controls: o.Controls, messages: o.Messages, clock: o.Clock,
		ids: o.IDs, log: o.Log, services: o.ServicePrincipals, prefixes: make(map[string]bool),
	}
	if o.Throttle == Strict {
		g.throttle = &throttle{classes: strictClasses, clock: o.Clock, buckets: make(map[bucketOf]*bucket)}
	}
	for _, s := range o.Services {
		m, err := o.Models(s.Name())
		if err != nil {
			return nil, fmt.Errorf("load the model of %s: %w", s.Name(), err)
		}
		g.prefixes[m.SigningName] = true
		table := g.rows[s.Name()]
		if table == nil {
			table = make(map[string]*row)
			g.rows[s.Name()] = table
		}
		for _, op := range s.Operations() {
			mo, known := m.Operations[op.Name]
			if !known {
				return nil, fmt.Errorf("%s: the model has no operation %s", s.Name(), op.Name)
			}
			if table[op.Name] != nil {
				return nil, fmt.Errorf("%s: two rows for %s", s.Name(), op.Name)
			}
			table[op.Name] = &row{Operation: op, service: m, model: mo}
		}
	}
	return g, nil
}

// Row returns the operation that the rooms offer under a name.
func (g *Gate) Row(service, operation string) (*api.Operation, bool) {
	r, ok := g.rows[service][operation]
	if !ok {
		return nil, false
	}
	return &r.Operation, true
}

// Rows calls f for every row, for the tests and pages that list them all.
func (g *Gate) Rows(f func(service string, op *api.Operation)) {
	for service, table := range g.rows {
		for _, r := range table {
			f(service, &r.Operation)
		}
	}
}

// Do runs one call: validate, authorize, invoke, record. in is a pointer to
// the row's input. The error is fit for the caller: a modelled error, or a
// *smithy.GenericAPIError.
func (g *Gate) Do(ctx context.Context, call *api.Call, in any) (any, error) {
	r, ok := g.rows[call.Service][call.Operation]
	if !ok {
		return nil, fmt.Errorf("no row %s %s", call.Service, call.Operation)
	}
	if want := reflect.PointerTo(r.In); reflect.TypeOf(in) != want {
		return nil, fmt.Errorf("%s: input is a %T, want %v", r.Name, in, want)
	}
	ctx = api.WithCall(ctx, call)
	e := g.event(call, r, in)
	if !g.throttle.takes(call) {
		return nil, g.refused(ctx, r, e, throttled(r))
	}
	err := r.model.Validate(in, given(call, r.model, in))
	if err == nil {
		err = g.authorize(ctx, call, r, in, e)
	}
	if err != nil {
		return nil, g.refused(ctx, r, e, err)
	}
	return g.invoke(ctx, r, e, in)
}

// Refuse records a call that was turned away before Do could see it, because
// its signature or its body was wrong. call.Caller may be incomplete; a call
// of nobody we know leaves no record, as on AWS.
func (g *Gate) Refuse(ctx context.Context, call *api.Call, err error) {
	r, ok := g.rows[call.Service][call.Operation]
	if !ok || call.Caller.Account == "" || !recorded(r.Kind) {
		return
	}
	e := g.event(call, r, nil)
	e.ErrorCode, e.ErrorMessage = outcome(err)
	if werr := g.recorder.Record(ctx, e); werr != nil {
		g.log.Error("trail record lost", "request_id", call.RequestID, "err", werr)
	}
}

func (g *Gate) invoke(ctx context.Context, r *row, e *api.Event, in any) (any, error) {
	inner := ctx
	var answer api.Answer
	if r.Kind.Writes() && e.Account != "" {
		e.Answer = func() json.RawMessage {
			if answer.Out == nil {
				return nil
			}
			return model.RedactedOutput(r.model, answer.Out)
		}
		inner = remember(g.recorder.Attach(api.WithAnswer(ctx, &answer), e), ctx)
	}
	out, err := r.Invoke(inner, in)
	if err != nil {
		return nil, g.failed(ctx, r, e, err)
	}
	if !recorded(r.Kind) || e.Account == "" { // nobody has no trail
		return out, nil
	}
	if r.Kind.Writes() {
		if answer.Out == out && len(e.Places) > 0 {
			return out, nil // its record is complete
		}
		answered := *e
		answered.Response = model.RedactedOutput(r.model, out)
		e = &answered
	}
	g.recorder.Later(ctx, e)
	return out, nil
}

// refused turns a validation or authorization error into an answer, after its
// record is durable.
func (g *Gate) refused(ctx context.Context, r *row, e *api.Event, err error) error {
	err = g.outward(r, e, err)
	if !recorded(r.Kind) || e.Account == "" { // nobody has no trail
		return err
	}
	e.ErrorCode, e.ErrorMessage = outcome(err)
	if werr := g.recorder.Record(ctx, e); werr != nil {
		return g.outward(r, e, werr)
	}
	return err
}

// failed is refused for an operation that ran. Its record may already be
// written as a success beside an effect that stays; this one replaces it.
func (g *Gate) failed(ctx context.Context, r *row, e *api.Event, err error) error {
	if ctx.Err() != nil {
		ctx = context.WithoutCancel(ctx)
	}
	return g.refused(ctx, r, e, err)
}

// outward lets only errors through that were chosen for the caller. Anything
// else is a fault of ours: the caller gets InternalFailure and the request id,
// the log gets the chain.
func (g *Gate) outward(r *row, e *api.Event, err error) error {
	if apiErr, ok := errors.AsType[smithy.APIError](err); ok {
		return apiErr
	}
	if invalid, ok := errors.AsType[*model.Invalid](err); ok {
		code, text := r.service.Refusal(invalid)
		return &smithy.GenericAPIError{Code: code, Message: text}
	}
	g.log.Error("operation failed", "request_id", e.RequestID, "action", r.service.Name+":"+r.Name, "err", err)
	return &smithy.GenericAPIError{
		Code:    "InternalFailure",
		Message: "The request processing has failed because of an unknown error, exception or failure.",
		Fault:   smithy.FaultServer,
	}
}

func outcome(err error) (code, message string) {
	if apiErr, ok := errors.AsType[smithy.APIError](err); ok {
		return apiErr.ErrorCode(), apiErr.ErrorMessage()
	}
	return "InternalFailure", err.Error()
}

// recorded tells which rows are management events. Agents' traffic and the
// data plane are not, as on AWS.
func recorded(k api.Kind) bool {
	return k == api.KindRead || k.Writes() || k == api.KindAuthenticated
}

func (g *Gate) event(call *api.Call, r *row, in any) *api.Event {
	e := &api.Event{
		ID: g.ids.TimeUUID(call.Time), Time: call.Time, Account: call.Account, Region: call.Region,
		Source: r.service.EndpointPrefix + ".amazonaws.com", Name: r.Name,
		ReadOnly: r.Kind == api.KindRead || r.Kind == api.KindAuthenticated,
		Caller:   call.Caller, SourceIP: call.SourceIP, UserAgent: call.UserAgent, RequestID: call.RequestID,
		TLS: call.TLS,
	}
	if e.InvokedBy = call.SentBy; len(call.Via) > 0 { // the service sent the request, in the caller's name
		e.InvokedBy = call.Via[len(call.Via)-1]
	}
	if e.InvokedBy != "" {
		e.SourceIP, e.UserAgent, e.TLS = e.InvokedBy, e.InvokedBy, nil
	}
	if in != nil {
		e.Request = model.Redacted(r.model, in)
	}
	return e
}

// given makes the presence that validation wants of what the front door read;
// for an engine's input, of the input itself.
func given(call *api.Call, op *model.Operation, in any) model.Presence {
	if call.Present == nil {
		p := op.Given(in)
		call.Present = p.Has
		return p
	}
	p := model.NewPresence(op.Input)
	for _, m := range op.Input.Members {
		p.Set(m, call.Present(m.Name))
	}
	return p
}
