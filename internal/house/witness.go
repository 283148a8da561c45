package house

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/iam"
	"tamachi/internal/aws/wire"
)

// witness stands between the front door and the gate and tells the iam room
// which key signed a call.
type witness struct {
	wire.Gate
	iam *iam.Service
}

// Do runs the call.
func (w witness) Do(ctx context.Context, call *api.Call, in any) (any, error) {
	w.iam.Witness(call)
	return w.Gate.Do(ctx, call, in)
}
