package incus

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/google/renameio/v2"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/network"
)

// Provider makes desktops on an Incus server. It is safe for concurrent use.
type Provider struct {
	options Options
	server  *server
	name    string // tm<id>, of the bridge
	pool    string // its driver
	near    bool   // its files can be seen from here
	bridge  netip.Prefix
	program string // sum of our binary

	queue chan struct{} // a place a core: many starts at once are slower than a few

	making sync.Mutex // held while an address is chosen
	// choosing is held for reading from the choice of an image until it is in
	// a desktop's record, and for writing while discarded images are removed.
	choosing sync.RWMutex

	mu    sync.Mutex
	turns map[string]chan struct{} // guarded by mu; one a desktop that is worked on
}

var (
	_ desktops.Provider = (*Provider)(nil)
	_ desktops.Dresser  = (*Provider)(nil)
	_ desktops.Doors    = (*Provider)(nil)
)

// settingsFile holds the settings of a folder.
const settingsFile = "folder.json"

// Holds tells whether a folder has desktops of this provider, or may have.
func Holds(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, settingsFile))
	return err == nil
}

// settings are what it holds.
type settings struct {
	ID     string // six hexadecimal digits
	Server string // Options.Server, .Keys and .Pool of the last time
	Keys   string `json:",omitempty"`
	Pool   string
}

var settingsForm = regexp.MustCompile(`^[0-9a-f]{6}$`)

// Open opens the folder and makes its project and bridge on the server. What an
// earlier provider left frozen goes on.
func Open(ctx context.Context, o Options) (*Provider, error) {
	var err error
	if o.Base, err = o.Complete("incus desktops"); err != nil {
		return nil, err
	}
	o, id, err := o.settle()
	if err != nil {
		return nil, err
	}
	if !poolForm.MatchString(o.Pool) {
		return nil, fmt.Errorf("incus desktops: %q is no name of a storage pool", o.Pool)
	}
	s, err := dial(o)
	if err != nil {
		return nil, err
	}
	p := &Provider{options: o, server: s, name: "tm" + id, queue: make(chan struct{}, runtime.NumCPU()), turns: map[string]chan struct{}{}}
	if p.program, err = sum(o.Exe); err != nil {
		return nil, err
	}
	if err := p.greet(ctx); err != nil {
		return nil, err
	}
	if err := p.project(ctx, "tamachi-"+id); err != nil {
		return nil, fmt.Errorf("make the project of the Incus server: %w", err)
	}
	if err := p.network(ctx); err != nil {
		return nil, fmt.Errorf("make the bridge of the Incus server: %w", err)
	}
	return p, p.thaw(ctx)
}

// settle reads the folder's id, or chooses it once. What the options leave open
// is as it was the last time: so a folder can be removed without knowing more.
func (o Options) settle() (Options, string, error) {
	var had settings
	file := filepath.Join(o.Dir, settingsFile)
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &had)
		if err == nil && !settingsForm.MatchString(had.ID) {
			err = errors.New("it names no project")
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return o, "", fmt.Errorf("read %s: %w", file, err)
	}
	set := settings{
		ID: had.ID, Server: cmp.Or(o.Server, had.Server, defaultServer), Keys: cmp.Or(o.Keys, had.Keys), Pool: cmp.Or(o.Pool, had.Pool, "default"),
	}
	o.Server, o.Keys, o.Pool = set.Server, set.Keys, set.Pool
	if set == had {
		return o, set.ID, nil
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return o, "", err
	}
	if set.ID == "" {
		set.ID = o.IDs.Hex(6)
	}
	if text, err = json.Marshal(set); err != nil {
		return o, "", err
	}
	return o, set.ID, renameio.WriteFile(file, append(text, '\n'), 0o600, renameio.WithStaticPermissions(0o600))
}

// extensions are what we need of a server (Incus documentation, "API
// extensions"); all are in Incus 6.0.
var extensions = []string{"instance_ready_state", "custom_volume_snapshot_expiry", "projects", "network_acl"}

// greet makes sure that the server trusts us, can what we need, and has the pool.
func (p *Provider) greet(ctx context.Context) error {
	var about struct {
		Auth       string   `json:"auth"`
		Extensions []string `json:"api_extensions"`
	}
	if err := p.server.get(ctx, "/1.0", nil, &about); err != nil {
		return fmt.Errorf("incus desktops by %s: %w", p.options.Server, err)
	}
	if about.Auth != "trusted" {
		return fmt.Errorf("incus desktops: %s does not trust our certificate; run there: incus config trust add-certificate %s", p.options.Server, clientCertificate)
	}
	for _, name := range extensions {
		if !slices.Contains(about.Extensions, name) {
			return fmt.Errorf("incus desktops: %s cannot do %s; Incus 6.0 can", p.options.Server, name)
		}
	}
	var pool struct {
		Driver string `json:"driver"`
	}
	err := p.server.get(ctx, path("storage-pools", p.options.Pool), nil, &pool)
	if errors.Is(err, desktops.ErrNotFound) {
		return fmt.Errorf("incus desktops: %s has no storage pool %s; run there: incus storage create %s btrfs", p.options.Server, p.options.Pool, p.options.Pool)
	}
	if err != nil {
		return err
	}
	p.pool = pool.Driver
	if folder, err := p.folder(ctx); err == nil {
		_, err = os.Stat(folder)
		p.near = err == nil
	}
	return nil
}

// project makes the folder's project; from then on all calls are in it.
func (p *Provider) project(ctx context.Context, name string) error {
	err := p.server.get(ctx, path("projects", name), nil, nil)
	if !errors.Is(err, desktops.ErrNotFound) {
		p.server.project = name
		return err
	}
	err = p.server.call(ctx, http.MethodPost, path("projects"), nil, map[string]any{
		"name": name, "description": "desktops of Tamachi",
		"config": map[string]string{
			"features.images": "false", "features.profiles": "true",
			"features.storage.volumes": "true", "features.networks": "false",
		},
	}, nil)
	p.server.project = name
	return err
}

// shared are calls outside of our project: images, networks.
func shared() url.Values { return url.Values{"project": {"default"}} }

// network makes the bridge: desktops reach the plane on it, and nothing else,
// one another least of all.
func (p *Provider) network(ctx context.Context) error {
	at := path("networks", p.name)
	var n struct {
		Config map[string]string `json:"config"`
	}
	err := p.server.get(ctx, at, shared(), nil)
	if err != nil && !errors.Is(err, desktops.ErrNotFound) {
		return err
	}
	if err != nil {
		address, err := p.gateway()
		if err != nil {
			return err
		}
		err = p.server.bridge(ctx, http.MethodPost, path("networks"), map[string]any{
			"name": p.name, "type": "bridge", "description": "desktops of Tamachi",
			"config": map[string]string{
				"ipv4.address": address, "ipv4.dhcp": "false", "ipv4.nat": strconv.FormatBool(p.options.Plane.IsValid()),
				"ipv6.address": "none", "dns.mode": "none",
			},
		})
		if err != nil && !taken(err) {
			return err
		}
	}
	if err := p.server.get(ctx, at, shared(), &n); err != nil {
		return err
	}
	if p.bridge, err = netip.ParsePrefix(n.Config["ipv4.address"]); err != nil {
		return err
	}
	return p.guard(ctx)
}

// gateway is the bridge's address: in a range that this machine does not use,
// if the server is here; else the server chooses.
func (p *Provider) gateway() (string, error) {
	if p.options.Plane.IsValid() {
		return "auto", nil
	}
	r, err := network.Choose(p.name)
	return netip.PrefixFrom(r.Addr().Next(), r.Bits()).String(), err
}

// guard lets desktops reach the plane, and nothing else of the server's machine
// or behind it (Incus documentation, "How to configure network ACLs").
func (p *Provider) guard(ctx context.Context) error {
	rules := map[string]any{
		"description": "desktops of Tamachi reach their plane",
		"egress": []map[string]string{{
			"action": "allow", "protocol": "tcp", "destination": p.PlaneAddr().String(), "destination_port": strconv.Itoa(p.options.PlanePort), "state": "enabled",
		}},
	}
	at := path("network-acls", p.name)
	err := p.server.get(ctx, at, shared(), nil)
	if errors.Is(err, desktops.ErrNotFound) {
		rules["name"] = p.name
		err = p.server.call(ctx, http.MethodPost, path("network-acls"), shared(), rules, nil)
	} else if err == nil {
		err = p.server.call(ctx, http.MethodPut, at, shared(), rules, nil)
	}
	if err != nil {
		return err
	}
	return p.server.bridge(ctx, http.MethodPatch, path("networks", p.name), map[string]any{"config": map[string]string{
		"security.acls": p.name, "security.acls.default.egress.action": "reject", "security.acls.default.ingress.action": "drop",
	}})
}

// thaw lets go on what a copy that was cut short left frozen.
func (p *Provider) thaw(ctx context.Context) error {
	all, err := p.instances(ctx)
	if err != nil {
		return err
	}
	for _, in := range all {
		if in.Status == "Frozen" {
			if err := p.state(ctx, in.Name, "unfreeze", false); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *Provider) instances(ctx context.Context) ([]instance, error) {
	var all []instance
	return all, p.server.get(ctx, path("instances"), url.Values{"recursion": {"2"}}, &all)
}

// About describes the provider.
func (p *Provider) About() desktops.About {
	about := desktops.About{
		Name: "incus", Isolated: true, Lacks: []desktops.Capability{desktops.Nets, desktops.Guises, desktops.GPUs},
		NoGPU: "the provider incus gives desktops none",
	}
	if !slices.Contains([]string{"btrfs", "zfs", "lvm", "ceph"}, p.pool) {
		about.Lacks = append(about.Lacks, desktops.Quotas)
		about.Note = "the storage pool " + p.options.Pool + " is of kind " + p.pool + ": volumes have no bound; a pool of kind btrfs or zfs gives them one"
	}
	if p.pool == "btrfs" && !p.near {
		about.Note = "the storage pool " + p.options.Pool + " is of kind btrfs and elsewhere: should its kernel give up counting, volumes have no bound until somebody runs btrfs quota rescan there; a pool of kind zfs always counts"
	}
	return about
}

// PlaneAddr is where desktops reach the plane, on Options.PlanePort.
func (p *Provider) PlaneAddr() netip.Addr {
	if p.options.Plane.IsValid() {
		return p.options.Plane
	}
	return p.bridge.Addr()
}

// Inspect reports a desktop as it is now.
func (p *Provider) Inspect(ctx context.Context, id string) (desktops.Desktop, error) {
	d, err := p.inspect(ctx, id)
	if err != nil {
		return d, fmt.Errorf("inspect desktop %s: %w", id, err)
	}
	return d, nil
}

func (p *Provider) inspect(ctx context.Context, id string) (desktops.Desktop, error) {
	if err := checkID(id); err != nil {
		return desktops.Desktop{}, err
	}
	rec, err := p.record(ctx, id)
	if err != nil {
		return desktops.Desktop{}, err
	}
	in, _, err := p.instance(ctx, id)
	return rec.desktop(in), err
}

// List reports all desktops in the order of their ids.
func (p *Provider) List(ctx context.Context) ([]desktops.Desktop, error) {
	recs, err := p.records(ctx)
	if err != nil {
		return nil, fmt.Errorf("list desktops: %w", err)
	}
	all, err := p.instances(ctx)
	if err != nil {
		return nil, fmt.Errorf("list desktops: %w", err)
	}
	byName := map[string]instance{}
	for _, in := range all {
		byName[in.Name] = in
	}
	out := make([]desktops.Desktop, 0, len(recs))
	for _, rec := range recs {
		out = append(out, rec.desktop(byName[rec.Spec.ID]))
	}
	slices.SortFunc(out, func(a, b desktops.Desktop) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// turn waits for the turn at a desktop, or an image; the caller calls done.
func (p *Provider) turn(ctx context.Context, id string) (done func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for {
		p.mu.Lock()
		held, busy := p.turns[id]
		if !busy {
			mine := make(chan struct{})
			p.turns[id] = mine
			p.mu.Unlock()
			return func() {
				p.mu.Lock()
				delete(p.turns, id)
				p.mu.Unlock()
				close(mine)
			}, nil
		}
		p.mu.Unlock()
		select {
		case <-held:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Close lets go of the server; desktops live on.
func (p *Provider) Close() error {
	p.server.http.CloseIdleConnections()
	return nil
}

// Dress is not to be had: nothing in a container carries groups and policies out.
func (p *Provider) Dress(_ context.Context, id string, _ desktops.Guise) error {
	return fmt.Errorf("dress desktop %s: %w: its container carries no groups and policies out", id, desktops.ErrLacking)
}

// Worn is not to be had either.
func (p *Provider) Worn(_ context.Context, id string) (desktops.Worn, error) {
	return desktops.Worn{}, fmt.Errorf("look at desktop %s: %w: its container carries no groups and policies out", id, desktops.ErrLacking)
}

// Arrange is not to be had: desktops of this provider reach the plane alone.
func (p *Provider) Arrange(context.Context, desktops.Networks) error {
	return fmt.Errorf("arrange networks of incus desktops: %w", desktops.ErrLacking)
}

func number(text string) int { n, _ := strconv.Atoi(text); return n }
