package managednodes

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"tamachi/internal/store"
)

// ErrTarget reports a target that says nothing about nodes, or something that
// is not known here.
var ErrTarget = errors.New("no such kind of target")

// The keys of targets besides tag:<key>. Source: Systems Manager API Reference,
// Target.
const (
	targetInstanceIDs   = "InstanceIds"
	targetTagKey        = "tag-key"
	targetTag           = "tag:"
	targetResourceGroup = "resource-groups:"
	targetGroupName     = targetResourceGroup + "Name"
	targetGroupTypes    = targetResourceGroup + "ResourceTypeFilters"
)

// everyNode is the value of the target InstanceIds that means all nodes of the
// account in the Region.
const everyNode = "*"

// Target is a search criterion: a node fits when it fits one of the values.
type Target struct {
	Key    string
	Values []string
}

// Node is a managed node as other rooms of the wing see it.
type Node struct {
	ID, Name        string // mi-..., DefaultInstanceName of its activation
	WorkspaceID     string // whose desktop it is, or ""
	Role            string
	PlatformType    string // Linux, Windows, MacOS; "" until the node has reported
	PlatformName    string
	PlatformVersion string
	AgentVersion    string
	ComputerName    string
	IPAddress       string
	Tags            map[string]string
	Registered      time.Time
	LastPing        time.Time // zero until the node has reported
}

func (n *managedNode) outline() Node {
	return Node{
		ID: n.ID, Name: n.Name, WorkspaceID: n.WorkspaceID, Role: n.Role,
		PlatformType: n.PlatformType, PlatformName: n.PlatformName, PlatformVersion: n.PlatformVersion,
		AgentVersion: n.AgentVersion, ComputerName: n.ComputerName, IPAddress: n.IPAddress,
		Tags: n.Tags, Registered: n.Registered, LastPing: n.LastPing,
	}
}

// ids tells whether a target names nodes by their ids; the User Guide writes
// its key in small letters too.
func (t Target) ids() bool { return strings.EqualFold(t.Key, targetInstanceIDs) }

// CheckTargets refuses targets that Targets could not read; the error wraps
// ErrTarget and says why.
func CheckTargets(targets []Target) error {
	seen := map[string]bool{}
	for _, t := range targets {
		switch {
		case len(t.Values) == 0 && !t.ids():
			return fmt.Errorf("the target %s has no values: %w", t.Key, ErrTarget)
		case seen[t.Key]:
			return fmt.Errorf("the target key %s is there twice: %w", t.Key, ErrTarget)
		case t.group():
		case strings.HasPrefix(t.Key, targetResourceGroup):
			return fmt.Errorf("the target key %s is not known; use resource-groups:Name: %w", t.Key, ErrTarget)
		case t.Key == targetTag, !t.ids() && t.Key != targetTagKey && !strings.HasPrefix(t.Key, targetTag):
			return fmt.Errorf("the target key %q is not known; use InstanceIds, tag:<key> or tag-key: %w", t.Key, ErrTarget)
		}
		seen[t.Key] = true
	}
	return nil
}

// Targets returns the nodes that fit all targets, in the order of their ids.
// An id that names no node is left out; ws-... means the node of its desktop.
// No target at all means no node. The error of a target that cannot be read
// wraps ErrTarget.
func (s *Service) Targets(tx *store.Tx, scope store.Scope, targets []Target) ([]Node, error) {
	if err := CheckTargets(targets); err != nil {
		return nil, err
	}
	if len(targets) == 0 {
		return nil, nil
	}
	fits, err := s.tests(tx, scope, targets)
	if err != nil {
		return nil, err
	}
	found, err := s.candidates(tx, scope, targets, fits)
	if err != nil {
		return nil, err
	}
	out := make([]Node, 0, len(found))
	for _, n := range found {
		if fits(n.Tags) {
			out = append(out, n.outline())
		}
	}
	return out, nil
}

// candidates are the nodes that ids name, each once, or those whose tags fit
// when there are no ids among the targets.
func (s *Service) candidates(tx *store.Tx, scope store.Scope, targets []Target, fits func(tags map[string]string) bool) ([]*managedNode, error) {
	ids := slices.IndexFunc(targets, Target.ids)
	if ids < 0 && fits(nil) {
		return managedNodes.List(tx, scope, store.Page{})
	}
	if ids < 0 {
		return tagged(tx, scope, fits)
	}
	if slices.Contains(targets[ids].Values, everyNode) {
		return managedNodes.List(tx, scope, store.Page{})
	}
	named := map[string]*managedNode{}
	for _, id := range targets[ids].Values {
		n, err := s.resolve(tx, scope, id)
		if errors.Is(err, ErrUnknownNode) {
			continue
		}
		if err != nil {
			return nil, err
		}
		named[n.ID] = n
	}
	out := make([]*managedNode, 0, len(named))
	for _, n := range named {
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b *managedNode) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// tagged are the nodes whose tags fit, in the order of their ids. The records of
// others are not read: in a large fleet they are most.
func tagged(tx *store.Tx, scope store.Scope, fits func(tags map[string]string) bool) ([]*managedNode, error) {
	texts, err := managedNodes.Values(tx, scope, "tags")
	if err != nil {
		return nil, err
	}
	var out []*managedNode
	for _, text := range texts {
		tags, err := tagsOf(text)
		if err != nil {
			return nil, fmt.Errorf("read the index of nodes' tags: %w", err)
		}
		if !fits(tags) {
			continue
		}
		some, err := managedNodes.By(tx, scope, "tags", text, store.Page{})
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	slices.SortFunc(out, func(a, b *managedNode) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// tagText is all tags as one text, the same for the same tags; "" for none.
func tagText(tags map[string]string) string {
	all := make(url.Values, len(tags))
	for k, v := range tags {
		all.Set(k, v)
	}
	return all.Encode()
}

// tagsOf reads what tagText wrote.
func tagsOf(text string) (map[string]string, error) {
	all, err := url.ParseQuery(text)
	tags := make(map[string]string, len(all))
	for k := range all {
		tags[k] = all.Get(k)
	}
	return tags, err
}

// fits tells whether a node with the tags carries what a tag's target asks for;
// ids and groups are looked at elsewhere.
func (t Target) fits(tags map[string]string) bool {
	switch {
	case t.ids(), t.group():
		return true
	case t.Key == targetTagKey:
		return slices.ContainsFunc(t.Values, func(k string) bool { _, ok := tags[k]; return ok })
	}
	v, ok := tags[strings.TrimPrefix(t.Key, targetTag)]
	return ok && slices.Contains(t.Values, v)
}

// Resolve finds the node that an instance id means: itself, or for ws-... the
// node that its desktop registered last. ErrUnknownNode if there is none.
func (s *Service) Resolve(tx *store.Tx, scope store.Scope, id string) (Node, error) {
	n, err := s.resolve(tx, scope, id)
	if err != nil {
		return Node{}, err
	}
	return n.outline(), nil
}

func (s *Service) resolve(tx *store.Tx, scope store.Scope, id string) (*managedNode, error) {
	n, err := managedNodes.Get(tx, scope, id)
	if err == nil || !missing(err) {
		return n, err
	}
	own, err := managedNodes.By(tx, scope, "workspace", id, store.Page{})
	if err != nil {
		return nil, err
	}
	if len(own) == 0 {
		return nil, fmt.Errorf("%s: %w", id, ErrUnknownNode)
	}
	return slices.MaxFunc(own, func(a, b *managedNode) int { return a.Registered.Compare(b.Registered) }), nil
}

// Online tells whether a node has an open control channel.
func (s *Service) Online(node string) bool { return s.ports.Channels.Connected(node) }
