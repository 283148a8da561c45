package incus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/image"
	"tamachi/internal/desktops/local/inside"
)

// longestID is how long an id may be, so that what is named after it has a name
// that an instance may have (Incus: 63 characters).
const longestID = 50

func checkID(id string) error {
	if !inside.IsID(id) || len(id) > longestID {
		return fmt.Errorf("%q: %w", id, desktops.ErrNotFound)
	}
	return nil
}

// Create makes a desktop and starts it, or starts the one that is there.
func (p *Provider) Create(ctx context.Context, spec desktops.Spec) (desktops.Desktop, error) {
	err := inside.Check(spec)
	if err == nil {
		err = checkID(spec.ID)
	}
	if err != nil {
		return desktops.Desktop{}, fmt.Errorf("create desktop: %w", err)
	}
	return p.change(ctx, "create", spec.ID, func(rec record, there bool) (record, error) {
		if !there {
			return p.furnish(ctx, spec)
		}
		rec.Spec = spec
		return rec, p.save(ctx, rec, nil)
	})
}

// change takes the turn at a desktop, lets its record be changed, and brings
// the desktop up as the record says.
func (p *Provider) change(ctx context.Context, what, id string, do func(rec record, there bool) (record, error)) (desktops.Desktop, error) {
	fail := func(err error) (desktops.Desktop, error) {
		return desktops.Desktop{}, fmt.Errorf("%s desktop %s: %w", what, id, err)
	}
	if err := checkID(id); err != nil {
		return fail(err)
	}
	done, err := p.turn(ctx, id)
	if err != nil {
		return fail(err)
	}
	defer done()
	rec, err := p.record(ctx, id)
	there := err == nil
	if err != nil && !errors.Is(err, desktops.ErrNotFound) {
		return fail(err)
	}
	if rec, err = do(rec, there); err != nil {
		return fail(err)
	}
	if err := p.bring(ctx, rec); err != nil {
		return fail(err)
	}
	d, err := p.inspect(ctx, id)
	if err != nil {
		return fail(err)
	}
	return d, nil
}

// known is for changes of a desktop that must be there.
func known(do func(rec record) (record, error)) func(record, bool) (record, error) {
	return func(rec record, there bool) (record, error) {
		if !there {
			return rec, desktops.ErrNotFound
		}
		return do(rec)
	}
}

// furnish makes the volumes of a new desktop. The user volume's record is what
// makes it one; its address is taken with it.
func (p *Provider) furnish(ctx context.Context, spec desktops.Spec) (record, error) {
	p.choosing.RLock()
	defer p.choosing.RUnlock()
	name, err := p.imageFor(ctx, spec.Image, "")
	if err != nil {
		return record{}, err
	}
	rec := record{Spec: spec, Image: name, MachineID: p.options.IDs.Hex(32), Root: root{Number: 1}}
	if spec.UserOf != "" {
		if _, err := p.record(ctx, spec.UserOf); err != nil {
			return rec, fmt.Errorf("copy the user volume of %s: %w", spec.UserOf, err)
		}
	}
	p.making.Lock()
	defer p.making.Unlock()
	if rec.Addr, err = p.choose(ctx); err != nil {
		return rec, err
	}
	return rec, p.makeUser(ctx, rec)
}

// choose chooses an address that no desktop has.
func (p *Provider) choose(ctx context.Context) (netip.Addr, error) {
	all, err := p.records(ctx)
	if err != nil {
		return netip.Addr{}, err
	}
	used := map[netip.Addr]bool{}
	for _, rec := range all {
		used[rec.Addr] = true
	}
	for a := p.bridge.Addr().Next(); p.bridge.Contains(a.Next()); a = a.Next() { // the last is for all
		if !used[a] {
			return a, nil
		}
	}
	return netip.Addr{}, fmt.Errorf("%s: %w", p.bridge, desktops.ErrFull)
}

// makeUser makes the user volume, empty or as a copy of another's.
func (p *Provider) makeUser(ctx context.Context, rec record) error {
	config, err := rec.config(map[string]string{"size": gib(rec.Spec.UserGiB), "security.shifted": "true"})
	if err != nil {
		return err
	}
	v := map[string]any{"name": userVolume(rec.Spec.ID), "type": "custom", "content_type": "filesystem", "config": config}
	if rec.Spec.UserOf != "" {
		v["source"] = map[string]any{"type": "copy", "pool": p.options.Pool, "name": userVolume(rec.Spec.UserOf), "volume_only": true}
	}
	return p.server.call(ctx, http.MethodPost, p.volumes(), nil, v, nil)
}

func gib(n int) string { return strconv.Itoa(n) + "GiB" }

// makeNode makes the agent's folder.
func (p *Provider) makeNode(ctx context.Context, id string) error {
	err := p.server.call(ctx, http.MethodPost, p.volumes(), nil, map[string]any{
		"name": nodeVolume(id), "type": "custom", "content_type": "filesystem",
		"config": map[string]string{"size": "1GiB", "security.shifted": "true"},
	}, nil)
	if taken(err) {
		return nil
	}
	return err
}

// Start starts a desktop; one that is sick is stopped first.
func (p *Provider) Start(ctx context.Context, id string) (desktops.Desktop, error) {
	return p.change(ctx, "start", id, known(func(rec record) (record, error) { return rec, nil }))
}

// Rebuild replaces the root volume.
func (p *Provider) Rebuild(ctx context.Context, id, image string) (desktops.Desktop, error) {
	return p.change(ctx, "rebuild", id, known(func(rec record) (record, error) {
		p.choosing.RLock()
		defer p.choosing.RUnlock()
		if image == "" {
			image = rec.Spec.Image
		}
		name, err := p.imageFor(ctx, image, rec.Image)
		if err != nil {
			return rec, err
		}
		rec.Spec.Image, rec.Image = image, name
		rec.Root = root{Number: rec.Root.Number + 1}
		return rec, p.save(ctx, rec, nil)
	}))
}

// bring makes a desktop run as its record says.
func (p *Provider) bring(ctx context.Context, rec record) error {
	id := rec.Spec.ID
	in, there, err := p.instance(ctx, id)
	if err != nil {
		return err
	}
	same := there && number(in.Config[keyNumber]) == rec.Root.Number
	if same && rec.desktop(in).State == desktops.Running {
		return nil
	}
	if in.running() {
		if err := p.stop(ctx, id); err != nil {
			return err
		}
	}
	if same {
		err = p.refresh(ctx, rec)
	} else {
		in, err = p.remake(ctx, rec, there)
	}
	if err != nil {
		return err
	}
	if err := p.renew(ctx, in); err != nil {
		return err
	}
	select {
	case p.queue <- struct{}{}:
		defer func() { <-p.queue }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return p.launch(ctx, id)
}

// remake makes the instance anew, and puts the user volume back if that goes
// with it. Cut short, it is done again: the number is that of the old one
// until the new one is whole.
func (p *Provider) remake(ctx context.Context, rec record, there bool) (instance, error) {
	id := rec.Spec.ID
	if err := p.makeNode(ctx, id); err != nil {
		return instance{}, err
	}
	if rec.Root.Home != "" {
		err := p.server.call(ctx, http.MethodPut, p.volumes(userVolume(id)), nil, map[string]any{"restore": rec.Root.Home}, nil)
		if err != nil {
			return instance{}, fmt.Errorf("put the user volume back: %w", err)
		}
	}
	if there {
		if err := p.remove(ctx, id); err != nil {
			return instance{}, err
		}
	}
	config, err := p.config(rec)
	if err != nil {
		return instance{}, err
	}
	err = p.server.call(ctx, http.MethodPost, path("instances"), nil, map[string]any{
		"name": id, "type": "container", "profiles": []string{}, "source": rec.source(), "config": config, "devices": p.devices(rec),
	}, nil)
	if err != nil {
		return instance{}, err
	}
	in, _, err := p.instance(ctx, id)
	return in, err
}

// source is where a new root volume comes from.
func (r record) source() map[string]any {
	from := r.Root.Copy
	if from == "" && imageForm.MatchString(r.Image) {
		from = r.Image
	}
	if from != "" {
		return map[string]any{"type": "copy", "source": from, "instance_only": true}
	}
	return map[string]any{"type": "image", "alias": r.Image}
}

// refresh gives the instance the limits and the plan that its record has now.
func (p *Provider) refresh(ctx context.Context, rec record) error {
	config, err := p.config(rec)
	if err != nil {
		return err
	}
	if rec.Spec.Node.ActivationCode == "" { // what the agent was given last, it has
		delete(config, inside.GuestAgent)
	}
	return p.do(ctx, http.MethodPatch, path("instances", rec.Spec.ID), rec.Spec.ID, map[string]any{
		"config": config, "devices": p.devices(rec),
	})
}

// screen is the size of a new display; a viewer may change it.
const screen = "1280x800"

// processes is how many processes and threads a desktop may have.
const processes = "4096"

// config is the configuration of an instance (Incus documentation, "Instance
// options").
func (p *Provider) config(rec record) (map[string]string, error) {
	s := rec.Spec
	plan, err := json.Marshal(inside.Plan{
		ID: s.ID, HostName: inside.HostName(s), Login: inside.Login(s), Memory: int64(s.MemoryMiB) << 20,
		MachineID: rec.MachineID, Hosts: inside.HostLines(s.Node, p.PlaneAddr().String()), CA: s.Node.CA,
		Screen: screen, Agent: p.options.Agent,
	})
	if err != nil {
		return nil, err
	}
	agent, err := json.Marshal(inside.AgentConfigOf(s.Node))
	if err != nil {
		return nil, err
	}
	lines := "lxc.init.cmd = " + image.Program + " desktop-init container\nlxc.signal.halt = SIGTERM\n" +
		"lxc.net.0.ipv4.address = " + netip.PrefixFrom(rec.Addr, p.bridge.Bits()).String() + "\n"
	if p.options.Plane.IsValid() {
		lines += "lxc.net.0.ipv4.gateway = " + p.bridge.Addr().String() + "\n"
	}
	return map[string]string{
		"boot.autostart": "false", "security.idmap.isolated": "true", "raw.lxc": lines,
		"limits.cpu.allowance": allowance(s.CPUs), "limits.memory": strconv.Itoa(s.MemoryMiB) + "MiB", "limits.processes": processes,
		inside.GuestPlan: string(plan), inside.GuestAgent: string(agent),
		keyWanted: starting, keyNumber: strconv.Itoa(rec.Root.Number),
	}, nil
}

// allowance is a number of processors as a share of each tenth of a second.
func allowance(cpus float64) string { return strconv.Itoa(int(cpus*100+0.5)) + "ms/100ms" }

// devices are those of an instance (Incus documentation, "Devices").
func (p *Provider) devices(rec record) map[string]map[string]string {
	id := rec.Spec.ID
	return map[string]map[string]string{
		"root": {"type": "disk", "path": "/", "pool": p.options.Pool, "size": gib(rec.Spec.RootGiB)},
		"home": {"type": "disk", "path": image.Homes, "pool": p.options.Pool, "source": userVolume(id)},
		"node": {"type": "disk", "path": image.Identity, "pool": p.options.Pool, "source": nodeVolume(id)},
		"eth0": {
			"type": "nic", "name": "eth0", "network": p.name, "ipv4.address": rec.Addr.String(),
			"security.port_isolation": "true", "security.mac_filtering": "true", "security.ipv4_filtering": "true",
		},
	}
}

// Stop ends every process of the desktop.
func (p *Provider) Stop(ctx context.Context, id string) error {
	err := p.with(ctx, id, func(record) error { return p.stop(ctx, id) })
	if err != nil {
		return fmt.Errorf("stop desktop %s: %w", id, err)
	}
	return nil
}

// with takes the turn at a desktop that is there.
func (p *Provider) with(ctx context.Context, id string, do func(record) error) error {
	if err := checkID(id); err != nil {
		return err
	}
	done, err := p.turn(ctx, id)
	if err != nil {
		return err
	}
	defer done()
	rec, err := p.record(ctx, id)
	if err != nil {
		return err
	}
	return do(rec)
}

// politely is how many seconds the desktop's first process has to end the others.
const politely = 3

// stop ends the instance, politely if it can.
func (p *Provider) stop(ctx context.Context, id string) error { return p.halt(ctx, id, false, true) }

// halt ends the instance by attempts of these forces; first it says that it
// does, for those who watch.
func (p *Provider) halt(ctx context.Context, id string, forces ...bool) error {
	in, there, err := p.instance(ctx, id)
	if err != nil || !there {
		return err
	}
	if in.Config[keyWanted] != stopped {
		if err := p.want(ctx, id, stopped); err != nil {
			return err
		}
	}
	if !in.running() {
		return nil
	}
	if in.Status == "Frozen" {
		if err := p.state(ctx, id, "unfreeze", false); err != nil {
			return err
		}
	}
	for _, force := range forces {
		failed := p.state(ctx, id, "stop", force)
		if failed == nil {
			return nil
		}
		if in, there, err = p.instance(ctx, id); err != nil || !there || !in.running() { // it ended by itself
			return err
		}
		err = failed
	}
	return err
}

// want writes down what an instance should be now; the agent's secret goes
// when it is up.
func (p *Provider) want(ctx context.Context, id, what string) error {
	config := map[string]string{keyWanted: what}
	if what == up {
		config[inside.GuestAgent] = ""
	}
	return p.do(ctx, http.MethodPatch, path("instances", id), id, map[string]any{"config": config})
}

// state changes the state of an instance.
func (p *Provider) state(ctx context.Context, name, action string, force bool) error {
	return p.server.call(ctx, http.MethodPut, path("instances", name, "state"), nil, map[string]any{
		"action": action, "force": force, "timeout": politely,
	}, nil)
}

// remove removes an instance, which does not run; none is no error.
func (p *Provider) remove(ctx context.Context, name string) error {
	err := p.do(ctx, http.MethodDelete, path("instances", name), name, nil)
	if errors.Is(err, desktops.ErrNotFound) {
		return nil
	}
	return err
}

// Destroy ends the desktop and removes what it has, its record last.
func (p *Provider) Destroy(ctx context.Context, id string) error {
	err := p.with(ctx, id, func(rec record) error { return p.destroy(ctx, rec) })
	if err == nil {
		err = p.sweep(ctx)
	}
	if err != nil && !errors.Is(err, desktops.ErrNotFound) {
		return fmt.Errorf("destroy desktop %s: %w", id, err)
	}
	return nil
}

func (p *Provider) destroy(ctx context.Context, rec record) error {
	id := rec.Spec.ID
	if err := p.halt(ctx, id, true, true); err != nil { // nobody misses what it had not written yet
		return err
	}
	if err := p.remove(ctx, id); err != nil {
		return err
	}
	for n := range rec.Copies + 1 {
		if err := p.remove(ctx, copyOf(id, n)); err != nil {
			return err
		}
	}
	for _, name := range []string{nodeVolume(id), userVolume(id)} {
		err := p.server.call(ctx, http.MethodDelete, p.volumes(name), nil, nil, nil)
		if err != nil && !errors.Is(err, desktops.ErrNotFound) {
			return err
		}
	}
	return nil
}

// copyOf is the instance of the n-th copy of a desktop.
func copyOf(id string, n int) string { return id + "-" + copyName(n) }

func copyName(n int) string { return "k" + strconv.Itoa(n) }
