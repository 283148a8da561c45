package house

import (
	"context"
)

// openDesktops chooses the provider of desktops.
func (h *House) openDesktops(context.Context) error {
	h.desktops = h.o.Desktops
	return nil
}
