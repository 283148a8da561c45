package gate

import (
	"context"

	"tamachi/internal/aws/api"
)

// Principal calls operations in the name of an AWS service, through the same
// gate and into the same trail as anyone else.
type Principal struct {
	gate *Gate
	host string
	from string
	user string // whom it serves, as the trail shows it
	addr string // where that person is
}

// As returns the caller for a service such as workspaces.amazonaws.com.
func (g *Gate) As(host string) Principal { return Principal{gate: g, host: host} }

// For returns the same service acting for one of its resources, a trail say,
// which policies see as aws:SourceArn and its account as aws:SourceAccount.
func (p Principal) For(sourceARN string) Principal {
	p.from = sourceARN
	return p
}

// Serving returns the same service acting at the wish of a person who is no
// caller of the API: the trail shows who, and their address.
func (p Principal) Serving(user, address string) Principal {
	p.user, p.addr = user, address
	return p
}

// Do calls one operation in an account and Region. in is a pointer to the
// row's input; the output is a pointer to the row's output.
func (p Principal) Do(ctx context.Context, account, region, service, operation string, in any) (any, error) {
	agent, address := p.host, p.host
	if p.user != "" {
		agent, address = p.host+" for "+p.user, p.addr
	}
	return p.gate.Do(ctx, &api.Call{
		Caller:  api.Caller{Type: api.AWSService, Account: account, Name: p.host, Service: p.host},
		Account: account, Region: region,
		RequestID: p.gate.ids.UUID(), SourceIP: address, UserAgent: agent, SourceARN: p.from,
		Time: p.gate.clock.Now(), Service: service, Operation: operation,
	}, in)
}

// Forwarder repeats a call in its caller's name, on behalf of the service that
// serves it: Parameter Store uses a key as the caller may use it.
type Forwarder struct {
	gate *Gate
	host string
}

// Via returns the forwarder of a service such as ssm.amazonaws.com.
func (g *Gate) Via(host string) Forwarder { return Forwarder{gate: g, host: host} }

// Do calls one operation as the caller of ctx, in the same account and Region.
// It must not be called inside a transaction of the store.
func (f Forwarder) Do(ctx context.Context, service, operation string, in any) (any, error) {
	outer := api.CallFrom(ctx)
	call := *outer
	call.Via = append(append([]string(nil), outer.Via...), f.host)
	call.RequestID, call.Time = f.gate.ids.UUID(), f.gate.clock.Now()
	call.SourceIP, call.UserAgent, call.Referer = f.host, f.host, ""
	call.Service, call.Operation, call.Present = service, operation, nil
	return f.gate.Do(detached(ctx), &call, in)
}

// Send calls one operation as a caller of earlier, who is as the caller stands
// now: an execution that somebody started goes on when their call is long over.
// The policies are those of this moment, and there is no outer call.
func (f Forwarder) Send(ctx context.Context, who api.Caller, region string, r Request) (any, error) {
	call := r.call(f.gate, who, region, f.host)
	call.Via = []string{f.host}
	return f.gate.Do(detached(ctx), call, r.In)
}

// Request is a call that a service makes ready before it sends it.
type Request struct {
	ID                 string // the call's RequestID, a UUID that whoever made it up may look for in the trail
	Service, Operation string
	In                 any // a pointer to the row's input
	// Present tells which top-level members of In were given; nil takes those that
	// are not their zero value.
	Present func(member string) bool
}

// call is the request as a service sends it from its own address.
func (r *Request) call(g *Gate, who api.Caller, region, host string) *api.Call {
	return &api.Call{
		Caller: who, Account: who.Account, Region: region, RequestID: r.ID, SourceIP: host, UserAgent: host,
		Time: g.clock.Now(), Service: r.Service, Operation: r.Operation, Present: r.Present,
	}
}

type detachedKey struct{}

// remember keeps the context of a call as it was before the call's record was
// attached to it.
func remember(inner, outer context.Context) context.Context {
	return context.WithValue(inner, detachedKey{}, outer)
}

// detached is the context of a call without its record: what a forwarded call
// commits carries its own record only.
func detached(ctx context.Context) context.Context {
	if outer, ok := ctx.Value(detachedKey{}).(context.Context); ok {
		return outer
	}
	return ctx
}
