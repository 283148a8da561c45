package workspaces

import (
	"errors"
	"net/netip"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/store"
)

// Licence is what an account said in a Region of licences that it brings, with
// the range of addresses that it set apart for the management of desktops.
type Licence struct {
	Key     string // always licenceKey
	Range   string // a /16
	Changes []LicenceChange
}

// LicenceChange is what one ModifyAccount set.
type LicenceChange struct {
	At    time.Time
	Range string
}

const (
	licenceKey = "account"
	// maxLicenceChanges is how many changes are kept.
	maxLicenceChanges = 100
)

var licences = store.Table[Licence]{
	Name: "workspaces.licences", Reach: store.Regional,
	Key: func(l *Licence) string { return l.Key },
}

// licenceOf is the licence of a scope; nil is none.
func licenceOf(tx *store.Tx, sc store.Scope) (*Licence, error) {
	l, err := licences.Get(tx, sc, licenceKey)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return l, err
}

// set notes a change.
func (l *Licence) set(to string, at time.Time) {
	l.Range = to
	l.Changes = append(l.Changes, LicenceChange{at, to})
	l.Changes = l.Changes[max(0, len(l.Changes)-maxLicenceChanges):]
}

func (c LicenceChange) describe() types.AccountModification {
	return types.AccountModification{
		DedicatedTenancySupport: types.DedicatedTenancySupportResultEnumEnabled, DedicatedTenancyManagementCidrRange: &c.Range,
		ModificationState: types.DedicatedTenancyModificationStateEnumCompleted, StartTime: &c.At,
	}
}

// managementPools are the ranges of which a management range is a /16
// (WorkSpaces Administration Guide, "Bring Your Own Windows desktop licenses in
// WorkSpaces", Requirements).
func managementPools() []netip.Prefix {
	var out []netip.Prefix
	for _, p := range []string{"10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15"} {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}

// freeRanges are the management ranges inside of a range that come after one,
// in the order of their addresses, and that touch none of those in use.
func freeRanges(inside netip.Prefix, after netip.Addr, used []netip.Prefix, most int) []netip.Prefix {
	var out []netip.Prefix
	for _, pool := range managementPools() {
		for a := pool.Addr(); pool.Contains(a) && len(out) < most; a = following(a) {
			p := netip.PrefixFrom(a, 16)
			fits := inside.Bits() <= 16 && inside.Contains(a) && (!after.IsValid() || after.Less(a))
			if fits && !slices.ContainsFunc(used, p.Overlaps) {
				out = append(out, p)
			}
		}
	}
	return out
}

// following is the address that begins the next /16.
func following(a netip.Addr) netip.Addr {
	b := a.As4()
	if b[1]++; b[1] == 0 {
		b[0]++
	}
	return netip.AddrFrom4(b)
}

// blocks are the ranges of the networks of a scope.
func (s *Service) blocks(tx *store.Tx, sc store.Scope) ([]netip.Prefix, error) {
	if s.networks == nil {
		return nil, nil
	}
	return s.networks.Blocks(tx, sc)
}

// aside refuses subnets whose addresses the account set apart for management: a
// desktop with both would not find the way (WorkSpaces Administration Guide,
// "Configure a VPC for WorkSpaces Personal").
func (s *Service) aside(tx *store.Tx, sc store.Scope, subnets []string) error {
	l, err := licenceOf(tx, sc)
	if err != nil || l == nil || s.networks == nil {
		return err
	}
	kept, err := netip.ParsePrefix(l.Range)
	if err != nil {
		return err
	}
	for _, id := range subnets {
		p, err := s.networks.Block(tx, sc, id)
		if err != nil {
			return err
		}
		if p.IsValid() && p.Overlaps(kept) {
			return &types.UnsupportedNetworkConfigurationException{Message: new("The subnet " + id + " overlaps with " + l.Range + ", the range of the management network interface.")}
		}
	}
	return nil
}
