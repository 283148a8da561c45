package house

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/desktops/incus"
	"tamachi/internal/desktops/local/removal"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// Doomed says what Destroy would remove.
func Doomed(ctx context.Context, o Options) (list []desktops.Desktop, err error) {
	err = withStopped(ctx, o, func(p provider) error {
		more, err := p.List(ctx)
		list = append(list, more...)
		return err
	})
	return list, err
}

// Destroy ends the desktops of a data folder whose plane does not run, removes
// their volumes, bridge and packet filter, and then the folder. What is mounted
// below the folder is left alone, and so is the folder then. Images stay in
// their cache.
func Destroy(ctx context.Context, o Options) error {
	err := withStopped(ctx, o, func(p provider) error { return p.Purge(ctx) })
	if err != nil {
		return err
	}
	data := o.Config.Data
	trash := data + ".trash"
	if err := removal.Tree(data, trash); err != nil {
		return fmt.Errorf("remove the data folder: %w", err)
	}
	if err := os.Remove(trash); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the trash: %w", err)
	}
	return nil
}

// withStopped runs f over each provider that has desktops in a data folder which
// no plane uses.
func withStopped(ctx context.Context, o Options, f func(provider) error) error {
	data := o.Config.Data
	if _, err := os.Stat(filepath.Join(data, "tamachi.db")); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is no data folder of a plane: it has no tamachi.db", data)
	}
	unlock, err := store.Lock(data)
	if err != nil {
		return err
	}
	defer func() { _ = unlock() }() // the folder may be gone
	port, err := knownPort(ctx, data)
	if err != nil {
		return err
	}
	o.Clock, o.IDs = clock.Real{}, id.Random()
	names := []string{"local"}
	if incus.Holds(incusFolder(data)) {
		names = append(names, "incus")
	}
	for _, name := range names {
		p, err := o.openProvider(ctx, name, port)
		if err != nil {
			return err
		}
		if err := errors.Join(f(p), p.Close()); err != nil {
			return err
		}
	}
	return nil
}

// nowhere is the port of the plane where none is known: a folder whose plane
// never listened has no desktops.
const nowhere = 1

// knownPort is the port at which the desktops of a folder reach its plane. On a
// full disk it is not asked for: who destroys makes room, and until a plane runs
// again there is nothing to be reached.
func knownPort(ctx context.Context, data string) (int, error) {
	st, err := store.Open(ctx, store.Options{Path: filepath.Join(data, "tamachi.db"), Clock: clock.Real{}}, &identities)
	if errors.Is(err, store.ErrNoSpace) {
		return nowhere, nil
	}
	if err != nil {
		return 0, err
	}
	me, err := recognize(ctx, st, id.Random(), 0, "")
	if errors.Is(err, store.ErrNoSpace) {
		err = nil
	}
	return cmp.Or(me.BridgePort, nowhere), errors.Join(err, st.Close())
}
