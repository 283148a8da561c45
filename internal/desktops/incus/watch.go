package incus

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/inside"
)

// watcher tells of desktops that are not as they were asked to be.
type watcher struct {
	provider  *Provider
	told      map[string]desktops.State // by desktop
	witnesses map[string]string         // by operation, the desktop
}

// Watch tells of displays and desktops that ended unasked, beginning with
// those that already have.
func (p *Provider) Watch(ctx context.Context, events chan<- desktops.Event) error {
	err := p.watch(ctx, events)
	select {
	case <-ctx.Done(): // whatever it was, it is the end that was asked for
		return nil
	default:
		return fmt.Errorf("watch the desktops: %w", err)
	}
}

func (p *Provider) watch(ctx context.Context, events chan<- desktops.Event) error {
	heard, err := p.server.listen(ctx, "lifecycle,operation")
	if err != nil {
		return err
	}
	defer heard.close()
	w := &watcher{p, map[string]desktops.State{}, map[string]string{}}
	if err := w.adopt(ctx); err != nil {
		return err
	}
	recs, err := p.records(ctx)
	if err != nil {
		return err
	}
	for _, rec := range recs {
		if err := w.look(ctx, rec.Spec.ID, events); err != nil {
			return err
		}
	}
	for {
		e, err := heard.next(ctx)
		if err != nil {
			return err
		}
		id := e.Instance
		if e.Done != "" {
			id = w.witnesses[e.Done]
			delete(w.witnesses, e.Done)
		}
		if checkID(id) != nil || strings.HasPrefix(e.Action, "instance-file-") || strings.HasPrefix(e.Action, "instance-exec") {
			continue
		}
		if err := w.look(ctx, id, events); err != nil {
			return err
		}
	}
}

// look compares a desktop with what was told of it.
func (w *watcher) look(ctx context.Context, id string, events chan<- desktops.Event) error {
	in, there, err := w.provider.instance(ctx, id)
	if err != nil {
		return err
	}
	if !there || in.Config[keyWanted] != up {
		delete(w.told, id)
		return nil
	}
	e := desktops.Event{ID: id, State: record{}.desktop(in).State}
	switch e.State {
	case desktops.Running:
		delete(w.told, id)
		return w.witness(ctx, id)
	case desktops.Stopped:
		e.Cause = "the desktop's first process ended"
	default:
		e.Cause = "the display server ended"
	}
	if w.told[id] == e.State {
		return nil
	}
	w.told[id] = e.State
	select {
	case events <- e:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// waiting is what the witness of a desktop does: it ends with the display.
var waiting = []string{"/usr/bin/flock", "--shared", inside.GuestLock, "/bin/true"}

// witness has a process in the desktop wait for the end of its display.
func (w *watcher) witness(ctx context.Context, id string) error {
	for _, has := range w.witnesses {
		if has == id {
			return nil
		}
	}
	a, err := w.provider.server.begin(ctx, http.MethodPost, path("instances", id, "exec"), nil, map[string]any{
		"command": waiting, "wait-for-websocket": false, "record-output": false, "interactive": false, "cwd": "/",
	})
	if err != nil {
		if ctx.Err() == nil { // it ended meanwhile, and that is an event of its own
			w.provider.options.Logger.Warn("desktop without a witness", "resource", id, "err", err)
			return nil
		}
		return err
	}
	op, err := a.operation()
	if err != nil {
		return err
	}
	w.witnesses[op.ID] = id
	return nil
}

// adopt takes over the witnesses of those who watched before.
func (w *watcher) adopt(ctx context.Context) error {
	var all map[string][]operation // by status
	if err := w.provider.server.get(ctx, path("operations"), url.Values{"recursion": {"1"}}, &all); err != nil {
		return err
	}
	for _, op := range all["running"] {
		command, _ := op.Metadata["command"].([]any)
		if len(command) != len(waiting) || command[2] != inside.GuestLock {
			continue
		}
		for _, source := range op.Resources["instances"] {
			name, _, _ := strings.Cut(strings.TrimPrefix(source, "/1.0/instances/"), "?")
			w.witnesses[op.ID] = name
		}
	}
	return nil
}
