package house

import (
	"context"

	"tamachi/internal/aws/services/ssm"
	"tamachi/internal/aws/services/ssmmessages"
	"tamachi/internal/nodes"
	"tamachi/internal/nodes/gateway"
)

// dataChannels are the sessions of the ssm wing with the gateway's channels.
type dataChannels struct {
	*gateway.Gateway
	room *ssm.Service
}

var _ ssmmessages.Sessions = dataChannels{}

// Session finds a session that is not over.
func (d dataChannels) Session(ctx context.Context, id string) (nodes.Session, error) {
	return d.room.Session(ctx, id)
}
