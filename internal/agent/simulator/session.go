package simulator

import (
	"context"
	"errors"

	"github.com/gobwas/ws"
)

// OpenSession opens the node's side of a session, as the SSM Agent does when
// the control channel has told it of one.
func (n *Node) OpenSession(ctx context.Context, session string) (*Channel, error) {
	return n.dial(ctx, "/v1/data-channel/"+session, "?role=publish_subscribe", "")
}

// Visit opens the client's side, as session-manager-plugin does: unsigned,
// where StartSession says, by its token alone.
func (w *World) Visit(ctx context.Context, streamURL, token string) (*Channel, error) {
	conn, early, _, err := ws.Dialer{TLSConfig: w.tls}.Dial(ctx, streamURL)
	if err != nil {
		return nil, err
	}
	c := &Channel{w: w, conn: conn}
	if early != nil {
		return nil, errors.Join(errors.New("the plane spoke first"), conn.Close())
	}
	if err := c.greet(map[string]any{"TokenValue": token, "ClientId": w.cfg.IDs.UUID(), "ClientVersion": "1.2.650.0"}); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return c, nil
}
