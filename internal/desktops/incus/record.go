package incus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"tamachi/internal/desktops"
)

// record is what is kept of a desktop, in the configuration of its user
// volume. It holds no secret.
type record struct {
	Spec      desktops.Spec
	Addr      netip.Addr // on our bridge
	MachineID string
	Image     string // alias of an image, or wsi-...: what is under the root volume
	Root      root
	Copies    int   // how many copies were begun: their names never come twice
	Kept      *kept `json:",omitempty"`
}

// root says what the root volume is to be. An instance of another number is
// replaced by one of this when it is started next.
type root struct {
	Number int
	Copy   string `json:",omitempty"` // of which instance it begins as a copy; "" begins with the image
	Home   string `json:",omitempty"` // snapshot to which the user volume goes back with it
}

// kept is the copy that Restore goes back to.
type kept struct {
	At    time.Time
	Name  string // k<n>, snapshot of the user volume; the instance is <id>-k<n>
	Image string
}

// The keys of our configuration on the server.
const (
	keyRecord  = "user.tamachi.record"  // of a user volume: JSON of record
	keyWanted  = "user.tamachi.wanted"  // of an instance: starting, up or stopped
	keyNumber  = "user.tamachi.number"  // of an instance: root.Number
	keyProgram = "user.tamachi.program" // of an instance: sum of our binary in it
	keyGiven   = "user.tamachi.given"   // of a captured image: "up" when it was given up
)

// What is wanted of an instance: whoever watches tells only of a desktop that
// was up and that nobody stopped.
const (
	starting = "starting"
	up       = "up"
	stopped  = "stopped"
)

func userVolume(id string) string { return id + "-user" }
func nodeVolume(id string) string { return id + "-node" }

// volume is a custom storage volume.
type volume struct {
	Name   string            `json:"name"`
	Config map[string]string `json:"config"`
}

func (p *Provider) volumes(more ...string) string {
	return path(append([]string{"storage-pools", p.options.Pool, "volumes", "custom"}, more...)...)
}

// record reads what is kept of a desktop; ErrNotFound if there is none.
func (p *Provider) record(ctx context.Context, id string) (record, error) {
	var v volume
	if err := p.server.get(ctx, p.volumes(userVolume(id)), nil, &v); err != nil {
		return record{}, err
	}
	rec, ok, err := v.record()
	if err == nil && (!ok || rec.Spec.ID != id) {
		err = desktops.ErrNotFound
	}
	return rec, err
}

// record reads the record of a user volume; ok is false for another volume.
func (v volume) record() (rec record, ok bool, err error) {
	text := v.Config[keyRecord]
	if text == "" {
		return rec, false, nil
	}
	if err := json.Unmarshal([]byte(text), &rec); err != nil {
		return rec, false, fmt.Errorf("read the record in volume %s: %w", v.Name, err)
	}
	return rec, true, nil
}

// records reads those of all desktops.
func (p *Provider) records(ctx context.Context) ([]record, error) {
	var all []volume
	if err := p.server.get(ctx, p.volumes(), url.Values{"recursion": {"1"}}, &all); err != nil {
		return nil, err
	}
	var out []record
	for _, v := range all {
		rec, ok, err := v.record()
		if err != nil {
			return nil, err
		}
		if ok && v.Name == userVolume(rec.Spec.ID) {
			out = append(out, rec)
		}
	}
	return out, nil
}

// save writes a record; more is what else changes of the volume with it.
func (p *Provider) save(ctx context.Context, rec record, more map[string]string) error {
	config, err := rec.config(more)
	if err != nil {
		return err
	}
	return p.server.call(ctx, http.MethodPatch, p.volumes(userVolume(rec.Spec.ID)), nil, map[string]any{"config": config}, nil)
}

func (r record) config(more map[string]string) (map[string]string, error) {
	r.Spec.Node.ActivationCode = ""
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	out := map[string]string{keyRecord: string(text)}
	maps.Copy(out, more)
	return out, nil
}

// instance is a container with its state.
type instance struct {
	Name       string            `json:"name"`
	Status     string            `json:"status"` // Running, Ready, Frozen, Stopped, ...
	Config     map[string]string `json:"config"`
	LastUsedAt time.Time         `json:"last_used_at"`
	State      *instanceState    `json:"state"`
}

type instanceState struct {
	PID int `json:"pid"`
	CPU struct {
		Usage int64 `json:"usage"` // nanoseconds
	} `json:"cpu"`
	Memory struct {
		Usage int64 `json:"usage"`
	} `json:"memory"`
	Disk map[string]struct {
		Usage int64 `json:"usage"`
	} `json:"disk"`
}

// instance reads a container; there is false if there is none.
func (p *Provider) instance(ctx context.Context, name string) (in instance, there bool, err error) {
	err = p.server.get(ctx, path("instances", name), url.Values{"recursion": {"1"}}, &in)
	if ending(err) {
		in = instance{}
		err = p.server.get(ctx, path("instances", name), nil, &in)
	}
	if errors.Is(err, desktops.ErrNotFound) {
		return in, false, nil
	}
	return in, err == nil, err
}

// ending tells whether the server could not look at a container because its
// first process had just ended (Incus 6.0.4 looks for when that began).
func ending(err error) bool {
	var r *refusal
	return errors.As(err, &r) && strings.Contains(r.text, "Invalid PID")
}

// busy tells whether a container was still ending: its server lets nothing be
// done with it so long.
func busy(err error) bool {
	var r *refusal
	return errors.As(err, &r) && strings.Contains(r.text, `busy running a "stop" operation`)
}

// do calls the server about a container. One that is ending by itself is waited
// for: to stop it as well is to wait for that (Incus 6.0.4, operationlock).
func (p *Provider) do(ctx context.Context, method, at, name string, in any) error {
	err := p.server.call(ctx, method, at, nil, in, nil)
	if busy(err) {
		_ = p.state(ctx, name, "stop", true) // that it is stopped is said as an error
		err = p.server.call(ctx, method, at, nil, in, nil)
	}
	return err
}

// running tells whether there is something to stop.
func (in instance) running() bool { return in.Status != "" && in.Status != "Stopped" }

// desktop is a desktop as it is now.
func (r record) desktop(in instance) desktops.Desktop {
	out := desktops.Desktop{ID: r.Spec.ID, Owner: r.Spec.Owner, State: desktops.Stopped, Addr: r.Addr}
	if r.Spec.Addr.IsValid() {
		out.Addr = r.Spec.Addr
	}
	if r.Kept != nil {
		out.KeptAt = r.Kept.At
	}
	if in.State == nil || in.State.PID <= 0 {
		return out
	}
	out.State, out.PID, out.StartedAt = desktops.Sick, in.State.PID, in.LastUsedAt.UTC()
	if in.Status == "Ready" || in.Status == "Frozen" && in.Config["volatile.last_state.ready"] == "true" {
		out.State = desktops.Running
	}
	return out
}
