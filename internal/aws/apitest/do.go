package apitest

import "tamachi/internal/aws/api"

// Do calls an operation as the administrator at the plane's own time, past
// signatures, which are of the machine's, and returns its output.
func (p *Plane) Do(service, operation string, in any) any {
	p.t.Helper()
	a := p.Access()
	out, err := p.Gate().Do(p.t.Context(), &api.Call{
		Caller: p.Administrator(), Account: a.Account, Region: a.Region, RequestID: "11111111-1111-4111-8111-111111111114", Time: p.time(),
		Service: service, Operation: operation,
	}, in)
	if err != nil {
		p.t.Fatalf("%s: %v", operation, err)
	}
	return out
}
