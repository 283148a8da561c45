package workspaces

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// IPGroup is an IP access control group: the addresses from which users of a
// directory that it is associated with may reach their desktops.
type IPGroup struct {
	ID          string
	Name        string
	Description string            `json:",omitempty"`
	Rules       []IPRule          `json:",omitempty"`
	Tags        map[string]string `json:",omitempty"`
}

// IPRule is a range of addresses in CIDR notation.
type IPRule struct {
	Range       string
	Description string `json:",omitempty"`
}

var ipGroups = store.Table[IPGroup]{
	Name: "workspaces.ipgroups", Reach: store.Regional,
	Key:     func(g *IPGroup) string { return g.ID },
	Indexes: map[string]func(*IPGroup) string{"name": func(g *IPGroup) string { return g.Name }},
}

// Quotas (WorkSpaces Administration Guide, "Amazon WorkSpaces quotas").
const (
	maxIPGroups     = 100 // of an account in a Region
	maxIPRules      = 10  // of a group
	maxIPGroupsHere = 25  // of a directory
)

func ipGroupARN(c *api.Call, id string) arn.ARN {
	return arn.New("workspaces", c.Region, c.Account, "workspaceipgroup/"+id)
}

// add adds rules. A range that is there keeps its place and gets the new
// description.
func (g *IPGroup) add(given []types.IpRuleItem) error {
	for _, r := range given {
		if _, err := rangeOf(text(r.IpRule)); err != nil {
			return invalid(fmt.Sprintf("The IP rule %q is not valid. Specify an IP address range in CIDR notation.", text(r.IpRule)))
		}
		one := IPRule{text(r.IpRule), text(r.RuleDesc)}
		if i := g.rule(one.Range); i >= 0 {
			g.Rules[i] = one
			continue
		}
		g.Rules = append(g.Rules, one)
	}
	if len(g.Rules) > maxIPRules {
		return &types.ResourceLimitExceededException{Message: new("An IP access control group can have 10 rules at most.")}
	}
	return nil
}

func (g *IPGroup) rule(written string) int {
	return slices.IndexFunc(g.Rules, func(r IPRule) bool { return r.Range == written })
}

// rangeOf reads a range, or a single address.
func rangeOf(written string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(written); err == nil && a.Zone() == "" {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	return netip.ParsePrefix(written)
}

// allows tells whether a rule has an address.
func (g *IPGroup) allows(from netip.Addr) bool {
	return slices.ContainsFunc(g.Rules, func(r IPRule) bool {
		p, err := rangeOf(r.Range)
		return err == nil && p.Contains(from)
	})
}

func (g *IPGroup) describe() types.WorkspacesIpGroup {
	out := types.WorkspacesIpGroup{GroupId: &g.ID, GroupName: &g.Name, GroupDesc: api.Optional(g.Description), UserRules: []types.IpRuleItem{}}
	for _, r := range g.Rules {
		out.UserRules = append(out.UserRules, types.IpRuleItem{IpRule: new(r.Range), RuleDesc: api.Optional(r.Description)})
	}
	return out
}

// changeIPGroup changes a group in one transaction.
func (s *Service) changeIPGroup(ctx context.Context, id *string, change func(g *IPGroup) error) error {
	sc := store.In(api.CallFrom(ctx).Place())
	return s.store.Update(ctx, func(tx *store.Tx) error {
		g, err := findIPGroup(tx, sc, text(id))
		if err != nil {
			return err
		}
		if err := change(g); err != nil {
			return err
		}
		return ipGroups.Put(tx, sc, g)
	})
}

func findIPGroup(tx *store.Tx, sc store.Scope, id string) (*IPGroup, error) {
	g, err := ipGroups.Get(tx, sc, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, &types.ResourceNotFoundException{Message: new("The specified IP access control group could not be found."), ResourceId: &id}
	}
	return g, err
}

// onIPGroups are the checks of an action on groups, with the tags of those that
// exist.
func (s *Service) onIPGroups(ctx context.Context, action string, ids ...string) ([]api.Check, error) {
	return checksOn(ctx, s, &ipGroups, func(g *IPGroup) map[string]string { return g.Tags }, action, ipGroupARN, ids...)
}

// onDirectory is the check of an action on a registered directory, with its
// tags.
func (s *Service) onDirectory(ctx context.Context, action string, id *string) ([]api.Check, error) {
	return checksOn(ctx, s, &directories, func(d *Directory) map[string]string { return d.Tags }, action, directoryARN, text(id))
}

// changeDirectory changes a registered directory in one transaction.
func (s *Service) changeDirectory(ctx context.Context, id *string, change func(tx *store.Tx, d *Directory) error) error {
	sc := store.In(api.CallFrom(ctx).Place())
	return s.store.Update(ctx, func(tx *store.Tx) error {
		d, err := findDirectory(tx, sc, text(id))
		if err != nil {
			return err
		}
		if err := change(tx, d); err != nil {
			return err
		}
		return directories.Put(tx, sc, d)
	})
}

func findDirectory(tx *store.Tx, sc store.Scope, id string) (*Directory, error) {
	d, err := directories.Get(tx, sc, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, &types.ResourceNotFoundException{Message: new("The specified directory could not be found in the specified region."), ResourceId: &id}
	}
	return d, err
}
