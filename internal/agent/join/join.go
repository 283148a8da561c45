package join

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Request is what a person asks of Join.
type Request struct {
	Endpoint     string // http://10.0.0.5:4566
	Fingerprint  string // SHA-256 of the plane's CA
	ActivationID string
	Code         string // secret
	Agent        Kind   // empty: the installed one, else our own
	Buckets      []string
	// Within is how long the node may take to come online.
	Within time.Duration
}

// onlineWithin is how long a node usually takes at most.
const onlineWithin = time.Minute

// Joined is what became of it.
type Joined struct {
	Node     string
	Agent    Kind
	Wildcard bool // every bucket of the plane resolves on this host
}

// Plan says in lines what Join would do, and changes nothing.
func (h *Host) Plan(ctx context.Context, r Request) ([]string, error) {
	p, kind, err := h.prepare(ctx, r)
	if err != nil {
		return nil, err
	}
	lines := []string{"trust the plane's certificate authority (" + p.Endpoint + ") on this host"}
	missing, err := p.unresolved(ctx, p.serviceNames())
	if err != nil {
		return nil, err
	}
	if len(missing) > 0 {
		lines = append(lines, fmt.Sprintf("add %d names below %s.%s to %s, as %s", len(missing), p.Region, p.Domain, hostsFile, p.Address))
	}
	if kind == Amazon {
		return append(lines, "write "+amazonConfig, "register the installed amazon-ssm-agent and start it; it shares the node's credentials with root, in the place of [default] of /root/.aws/credentials"), nil
	}
	return append(lines, "write "+ownConfig+" and "+ownProgram, "start our own agent, which registers"), nil
}

// prepare looks whether this host can join at all.
func (h *Host) prepare(ctx context.Context, r Request) (*Plane, Kind, error) {
	if os.Geteuid() != 0 {
		return nil, "", errors.New("a host joins as root: run it with sudo")
	}
	if err := h.load(); !errors.Is(err, ErrNotJoined) {
		if err == nil {
			err = fmt.Errorf("%w (%s, at %s); tamachi node leave undoes it", ErrJoined, h.record.Node, h.record.Endpoint)
		}
		return nil, "", err
	}
	kind, err := h.choose(r.Agent)
	if err != nil {
		return nil, "", err
	}
	p, err := discover(ctx, r.Endpoint, r.Fingerprint)
	return p, kind, err
}

// Join makes this host a node. What fails is said with its cause; what was
// done until then is undone.
func (h *Host) Join(ctx context.Context, r Request) (Joined, error) {
	p, kind, err := h.prepare(ctx, r)
	if err != nil {
		return Joined{}, err
	}
	h.record = record{Endpoint: p.Endpoint, Region: p.Region, Domain: p.Domain, Port: p.Port, Agent: kind}
	if err := h.do(ctx, p, r); err != nil {
		return Joined{}, errors.Join(err, h.takeBack(context.WithoutCancel(ctx)))
	}
	out := Joined{Node: h.record.Node, Agent: kind}
	out.Wildcard, err = p.wildcard(ctx, h.IDs.Hex(12))
	return out, err
}

// do makes all changes, in an order in which each finds what it needs.
func (h *Host) do(ctx context.Context, p *Plane, r Request) error {
	if err := h.begin(); err != nil {
		return err
	}
	names, err := p.unresolved(ctx, p.serviceNames())
	if err != nil {
		return err
	}
	for _, b := range r.Buckets {
		names = append(names, p.bucketName(b))
	}
	h.record.Buckets = r.Buckets
	if len(names) > 0 {
		if err := h.addNames(p, names); err != nil {
			return fmt.Errorf("add names to %s: %w", hostsFile, err)
		}
		h.Say("%d names were added to %s", len(names), hostsFile)
	}
	if err := h.trust(ctx, p.CA); err != nil {
		return fmt.Errorf("trust the plane's certificate authority: %w", err)
	}
	if found := h.reach(ctx, p); !found.OK {
		return fmt.Errorf("%s: %s", found.Name, found.Detail)
	}
	if err := h.configure(p, r.ActivationID, r.Code); err != nil {
		return fmt.Errorf("configure the agent: %w", err)
	}
	if err := h.register(ctx, p, r.ActivationID, r.Code); err != nil {
		return fmt.Errorf("register: %w", err)
	}
	if err := h.start(ctx); err != nil {
		return fmt.Errorf("start the agent: %w", err)
	}
	h.Say("the agent (%s) was started", h.record.Agent)
	if r.Within == 0 {
		r.Within = onlineWithin
	}
	if err := h.online(ctx, p, r.Within); err != nil {
		return err
	}
	return h.forgetCode(p)
}

// begin makes the record's own folders, which it notes before all else.
func (h *Host) begin() error {
	own := filepath.Dir(recordPath)
	for _, p := range []string{filepath.Dir(own), own} {
		if !h.exists(p) {
			h.record.Changes = append(h.record.Changes, change{Path: p, Folder: true})
		}
	}
	return h.save()
}

// online waits until the plane says that the node is online.
func (h *Host) online(ctx context.Context, p *Plane, most time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	var why error
	for {
		var node string
		if node, why = h.isOnline(ctx, p); why == nil {
			h.record.Node = node
			return h.save()
		}
		if no, ok := errors.AsType[*refusal](why); ok && no.code == "AccessDeniedException" {
			return fmt.Errorf("the node's role: %w", why)
		}
		if !h.running(ctx) {
			return fmt.Errorf("the agent ended: %s", h.lastWords())
		}
		if pause(ctx, 200*time.Millisecond) != nil {
			return fmt.Errorf("the node did not come online within %s: %w", most, why)
		}
	}
}

// isOnline asks the plane, as the node.
func (h *Host) isOnline(ctx context.Context, p *Plane) (node string, err error) {
	k, err := h.identity()
	if err != nil {
		return "", err
	}
	client, err := p.client()
	if err != nil {
		return "", err
	}
	c := &caller{h: h, p: p, client: client}
	if err := c.token(ctx, k); err != nil {
		return "", err
	}
	said, err := c.check(ctx, nil)
	if err == nil && said.PingStatus != "Online" {
		err = fmt.Errorf("the plane says %s", said.PingStatus)
	}
	return k.Node, err
}

// lastWords are the last line of our agent's log.
func (h *Host) lastWords() string {
	if h.record.Started == "systemd" {
		return "journalctl -u " + h.unit() + " says why"
	}
	b, err := os.ReadFile(h.path(ownLog))
	if err != nil || len(b) == 0 {
		return "see its log"
	}
	return last(strings.TrimSpace(string(b)))
}

// forgetCode takes the activation code out of our agent's configuration: it is
// not needed any more.
func (h *Host) forgetCode(p *Plane) error {
	if h.record.Agent == Amazon {
		return nil
	}
	text, err := ownJSON(p, "", "")
	if err != nil {
		return err
	}
	for i := range h.record.Changes {
		if h.record.Changes[i].Path == ownConfig {
			h.record.Changes[i].Written = text
		}
	}
	if err := h.save(); err != nil {
		return err
	}
	return h.overwrite(ownConfig, text, 0o600)
}

// Leave undoes a join: the agent is stopped, its identity forgotten, every
// file as it was. It returns the node's id, which the plane still lists until
// it is deregistered there.
func (h *Host) Leave(ctx context.Context) (node string, err error) {
	if os.Geteuid() != 0 {
		return "", errors.New("a host leaves as root: run it with sudo")
	}
	if err := h.load(); err != nil {
		return "", err
	}
	return h.record.Node, h.takeBack(ctx)
}

// takeBack undoes what the record tells, which it removes last.
func (h *Host) takeBack(ctx context.Context) error {
	if err := h.stop(ctx); err != nil {
		return fmt.Errorf("stop the agent: %w; it can be tried again with tamachi node leave", err)
	}
	if h.record.Agent == Own {
		if err := os.RemoveAll(h.path(ownFolder)); err != nil {
			return err
		}
	}
	if h.record.Registered && h.record.Node != "" {
		// What the agent kept of this id: documents, replies, inventory.
		if err := os.RemoveAll(h.path(amazonState + "/" + h.record.Node)); err != nil {
			return err
		}
	}
	if err := h.undoAll(ctx); err != nil {
		return err
	}
	return h.again(ctx)
}

// undoAll restores the files, then the trust store, and forgets the record
// between its own folders.
func (h *Host) undoAll(ctx context.Context) error {
	if err := os.Remove(h.path(recordPath)); err != nil {
		return err
	}
	if err := h.undo(); err != nil {
		return errors.Join(err, h.save()) // so that it can be tried again
	}
	return h.distrust(ctx)
}
