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
}

// As returns the caller for a service such as workspaces.amazonaws.com.
func (g *Gate) As(host string) Principal { return Principal{gate: g, host: host} }

// Do calls one operation in an account and Region. in is a pointer to the
// row's input; the output is a pointer to the row's output.
func (p Principal) Do(ctx context.Context, account, region, service, operation string, in any) (any, error) {
	return p.gate.Do(ctx, &api.Call{
		Caller:  api.Caller{Type: api.AWSService, Account: account, Name: p.host, Service: p.host},
		Account: account, Region: region,
		RequestID: p.gate.ids.UUID(), SourceIP: p.host, UserAgent: p.host,
		Time: p.gate.clock.Now(), Service: service, Operation: operation,
	}, in)
}
