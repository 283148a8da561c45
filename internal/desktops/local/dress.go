package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/inside"
)

var _ desktops.Dresser = (*Provider)(nil)

// Dress writes the guise where the desktop's first process sees it come.
func (p *Provider) Dress(ctx context.Context, id string, g desktops.Guise) error {
	if !p.About().Isolated {
		return fmt.Errorf("dress desktop %s: %w: it is a user of this host", id, desktops.ErrLacking)
	}
	d, err := p.lookup("dress", id)
	if err != nil {
		return err
	}
	done, err := d.take(ctx)
	if err != nil {
		return err
	}
	defer done()
	if d.record().Spec.ID == "" {
		return fmt.Errorf("dress desktop %s: %w", id, desktops.ErrNotFound)
	}
	if err := writeGuise(filepath.Join(d.folder, agentHome), g, p.ground.owner(d.lease)); err != nil {
		return fmt.Errorf("dress desktop %s: %w", id, err)
	}
	return nil
}

func writeGuise(folder string, g desktops.Guise, owner int) error {
	return writeFor(folder, inside.GuiseFile, g, owner)
}

// largestWorn bounds what a desktop can make the plane read.
const largestWorn = 256 << 10

// Worn reads what the desktop wrote: it may have put anything there.
func (p *Provider) Worn(_ context.Context, id string) (w desktops.Worn, err error) {
	d, err := p.lookup("look at", id)
	if err != nil {
		return w, err
	}
	root, err := os.OpenRoot(filepath.Join(d.folder, signalsFolder))
	if err != nil {
		return w, fmt.Errorf("look at desktop %s: %w", id, err)
	}
	defer root.Close()
	f, err := root.OpenFile(inside.WornFile, os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOFOLLOW, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return w, fmt.Errorf("look at desktop %s: %w: it has not told how it carried policies out", id, desktops.ErrNotFound)
	}
	if err != nil {
		return w, fmt.Errorf("look at desktop %s: %w", id, err)
	}
	defer f.Close()
	if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() {
		return w, fmt.Errorf("look at desktop %s: its %s is no file", id, inside.WornFile)
	}
	if err := json.NewDecoder(io.LimitReader(f, largestWorn)).Decode(&w); err != nil {
		return desktops.Worn{}, fmt.Errorf("read what desktop %s says of policies: %w", id, err)
	}
	return w, nil
}
