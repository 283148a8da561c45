package local

import (
	"context"
	"fmt"
	"net"
	"path/filepath"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/inside"
)

var _ desktops.Doors = (*Provider)(nil)

// DialDoor opens a door of a desktop: a socket beside the display's, which a
// program in the desktop made, and is trusted as little.
func (p *Provider) DialDoor(ctx context.Context, id string, door desktops.Door) (net.Conn, error) {
	if !door.Known() || !p.About().Isolated {
		return nil, fmt.Errorf("open the door %s of desktop %s: %w", door, id, desktops.ErrLacking)
	}
	d, err := p.lookup("open a door of", id)
	if err != nil {
		return nil, err
	}
	if live := d.instance(); live == nil || live.process == nil || !live.process.alive() {
		return nil, fmt.Errorf("open the door %s of desktop %s: the desktop is %s", door, id, desktops.Stopped)
	}
	conn, err := dialSocket(ctx, d.folder, filepath.Join(filepath.Dir(inside.Socket), string(door)))
	if err != nil {
		return nil, fmt.Errorf("open the door %s of desktop %s: %w", door, id, err)
	}
	return conn, nil
}
