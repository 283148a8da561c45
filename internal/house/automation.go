package house

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/aws/gate"
	"tamachi/internal/aws/model"
	"tamachi/internal/aws/services/cloudtrail"
	"tamachi/internal/aws/services/ssm/automation"
	"tamachi/internal/aws/sigv4"
	"tamachi/internal/aws/wire"
	"tamachi/internal/aws/wire/named"
)

// longestCall is how long a call of a step may take. Source: Systems Manager User
// Guide, "aws:executeAwsApi".
const longestCall = 25 * time.Second

// automationPlane lets Automation act: with the role that an execution assumed, or in its starter's name.
type automationPlane struct{ h *House }

var _ automation.Plane = automationPlane{}

// Call makes a call by names: those of boto3 for the service and the operation,
// the model's for the members of input and output. An error that is no
// smithy.APIError is of an input that no call was made of; its text is for who
// wrote the runbook.
func (p automationPlane) Call(ctx context.Context, who automation.Actor, request, service, operation string, input json.RawMessage) (json.RawMessage, error) {
	svc, op, row, err := p.find(service, operation)
	if err != nil {
		return nil, err
	}
	in := reflect.New(row.In).Interface()
	given, err := named.Read(op, input, request, in)
	if err != nil {
		return nil, err
	}
	short, cancel := context.WithTimeout(ctx, longestCall)
	defer cancel()
	place := &api.Call{Service: svc.Name, Account: who.Account}
	p.h.door.Unseal(place, op, in)
	out, err := p.send(short, who, svc, gate.Request{ID: request, Service: svc.Name, Operation: op.Name, In: in, Present: given.Has})
	if errors.Is(short.Err(), context.DeadlineExceeded) && ctx.Err() == nil && err != nil {
		return nil, fmt.Errorf("the API operation %s did not end within %v", op.Name, longestCall)
	}
	if err != nil {
		return nil, err
	}
	p.h.door.Seal(place, op, out)
	return named.Write(op, out, request)
}

// agentsServices are spoken by agents only; boto3 does not know them.
var agentsServices = []string{"ssmmessages", "ec2messages"}

// find looks up what a step names. An operation without a row is unknown, and so
// is one that carries a proof of its own instead of a signature.
func (p automationPlane) find(service, operation string) (*model.Service, *model.Operation, *api.Operation, error) {
	var names []string
	p.h.gate.Rows(func(name string, _ *api.Operation) { names = append(names, name) })
	slices.Sort(names)
	names = slices.DeleteFunc(slices.Compact(names), func(name string) bool { return slices.Contains(agentsServices, name) })
	if !slices.Contains(names, service) {
		return nil, nil, nil, fmt.Errorf("unknown service: '%.100s'; valid service names are: %s", service, strings.Join(names, ", "))
	}
	svc, err := model.Load(service)
	if err != nil {
		return nil, nil, nil, err
	}
	if op, known := named.Operation(svc, operation); known {
		if row, offered := p.h.gate.Row(service, op.Name); offered && (row.Kind <= api.KindData || row.Kind == api.KindAuthenticated) {
			return svc, op, row, nil
		}
	}
	return nil, nil, nil, fmt.Errorf("unknown operation: '%.100s'; the service %s has no such operation", operation, service)
}

// send makes a call in the name of an actor.
func (p automationPlane) send(ctx context.Context, who automation.Actor, svc *model.Service, r gate.Request) (any, error) {
	if who.Role == "" {
		caller, err := p.starter(ctx, who, svc)
		if err != nil {
			return nil, err
		}
		return p.h.gate.Via(ssmPrincipal).Send(ctx, caller, who.Region, r)
	}
	// A role of another account may trust Systems Manager, but not for this one.
	if role, err := arn.Parse(who.Role); err != nil || role.Account != who.Account {
		return nil, &smithy.GenericAPIError{Code: "AccessDenied", Message: "User: " + ssmPrincipal + " is not authorized to perform: sts:AssumeRole on resource: " + who.Role}
	}
	as, err := p.h.acting.session(ctx, p.h, who)
	if err != nil {
		return nil, err
	}
	return as.Send(ctx, r)
}

// Sessions of roles are kept for a while: a step that waits for a property calls
// every other second. What the role may is asked at each call all the same.
const (
	sessionKept = 5 * time.Minute
	mostKept    = 10_000
)

// actors are the sessions that executions act by.
type actors struct {
	mu   sync.Mutex
	held map[actorKey]acting // guarded by mu
}

type actorKey struct{ execution, role, region string }

type acting struct {
	*gate.Assumed
	since time.Time
}

// session is the session of an execution's role in a Region: the one that is
// kept, or a new one.
func (a *actors) session(ctx context.Context, h *House, who automation.Actor) (*gate.Assumed, error) {
	key, now := actorKey{who.Execution, who.Role, who.Region}, h.o.Clock.Now()
	a.mu.Lock()
	kept, ok := a.held[key]
	a.mu.Unlock()
	if ok && now.Sub(kept.since) < sessionKept {
		return kept.Assumed, nil
	}
	as, err := h.gate.As(ssmPrincipal).For(who.Execution).Assume(ctx, who.Account, who.Region, who.Role, sessionOf(who))
	if err != nil {
		return nil, err
	}
	if who.Execution == "" { // whether one could be started is asked
		return as, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.held == nil || len(a.held) >= mostKept {
		a.held = map[actorKey]acting{}
	}
	a.held[key] = acting{as, now}
	return as, nil
}

// sessionOf names the session of an execution's role.
func sessionOf(who automation.Actor) string {
	return "Automation-" + who.Execution[strings.LastIndexByte(who.Execution, '/')+1:]
}

// starter is who started an execution, as they stand now: a key that was deleted
// or made inactive and a session that is over are refused as their signatures
// would be.
func (p automationPlane) starter(ctx context.Context, who automation.Actor, svc *model.Service) (api.Caller, error) {
	now, err := p.h.verifier().Holder(ctx, who.Caller.AccessKeyID)
	if failure, ok := errors.AsType[*sigv4.Failure](err); ok {
		return api.Caller{}, failure.Fault(wire.Dialect(svc.Name, svc.Protocol))
	}
	return now, err
}

// Made finds the record of a call that has this request id. The output is made
// of the record's response elements, so that secrets are hidden or missing; it is
// empty where the record has none, as when the plane was killed between the
// effect of a call and its answer. Reads are never found, as no record has their
// answer, and neither are operations of data planes, which have no record.
func (p automationPlane) Made(ctx context.Context, who automation.Actor, request string, since time.Time) (output json.RawMessage, failure error, found bool, err error) {
	q := cloudtrail.Sought{Account: who.Account, Region: who.Region, RequestID: request, Since: since}
	if q.Username = sessionOf(who); who.Role == "" {
		q.Username, q.AccessKey = "", who.Caller.AccessKeyID
	}
	made, found, err := p.h.rooms.events.Made(ctx, q)
	if err != nil || !found {
		return nil, nil, found, err
	}
	op, kind, err := p.recorded(made)
	switch {
	case err != nil || !kind.Writes(): // a read's answer is in no record: it is made again
		return nil, nil, false, err
	case made.ErrorCode != "":
		return nil, &smithy.GenericAPIError{Code: made.ErrorCode, Message: made.ErrorMessage}, true, nil
	}
	output, err = named.Restored(op, made.Response, request)
	return output, nil, true, err
}

// recorded is the operation of a record.
func (p automationPlane) recorded(made cloudtrail.Made) (op *model.Operation, kind api.Kind, err error) {
	p.h.gate.Rows(func(service string, row *api.Operation) {
		if row.Name != made.Event || op != nil || err != nil {
			return
		}
		var svc *model.Service
		if svc, err = model.Load(service); err == nil && svc.EndpointPrefix+".amazonaws.com" == made.Source {
			op, kind = svc.Operations[row.Name], row.Kind
		}
	})
	if op == nil && err == nil {
		err = fmt.Errorf("no service records %s as %s", made.Event, made.Source)
	}
	return op, kind, err
}
