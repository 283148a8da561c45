package ec2

import (
	"context"
	"net/netip"
	"reflect"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ec2/vpc"
	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// Service is the wing.
type Service struct {
	networks *vpc.Service
}

// New returns the wing over its store; tenants are who else has machines in its
// networks.
func New(st *store.Store, ids *id.Source, clk clock.Clock, tenants vpc.Tenants) *Service {
	return &Service{networks: vpc.New(st, ids, clk, tenants)}
}

// Name is the name of the model table.
func (s *Service) Name() string { return "ec2" }

// Operations is the table of contents: the rows of the wing's room, each of
// which can be tried without effect.
func (s *Service) Operations() []api.Operation {
	rows := s.networks.Operations()
	for i := range rows {
		rows[i].Invoke = dryRun(rows[i])
	}
	return rows
}

// Tables lists what the wing's room keeps.
func Tables() []store.Definition { return vpc.Tables() }

// Tagged lists what can have tags in an account and Region.
func (s *Service) Tagged(ctx context.Context, account, region string) ([]api.Tagged, error) {
	return s.networks.Tagged(ctx, account, region)
}

// TagActions are the IAM actions that change the tags of a resource.
func (s *Service) TagActions(name string) (tag, untag string, ok bool) {
	return s.networks.TagActions(name)
}

// Watched are the tables whose changes may change what Networks says.
func Watched() []string { return vpc.Watched() }

// Networks are the networks of desktops, as their provider is to make them.
func (s *Service) Networks(ctx context.Context) (desktops.Networks, error) {
	return s.networks.Networks(ctx)
}

// Seat gives a desktop an address in a subnet; not valid for a subnet that is
// not there. desktops.ErrFull says that none is free,
// desktops.ErrNoSubnet that the subnet was deleted.
func (s *Service) Seat(ctx context.Context, sc store.Scope, subnet, desktop string, groups []string) (netip.Addr, error) {
	return s.networks.Seat(ctx, sc, subnet, desktop, groups)
}

// Vacate takes the interface of a desktop away; none is no error.
func (s *Service) Vacate(ctx context.Context, sc store.Scope, desktop string) error {
	return s.networks.Vacate(ctx, sc, desktop)
}

// Enroll finds the security group of a directory's desktops, or makes it; "" for
// subnets that are not there.
func (s *Service) Enroll(tx *store.Tx, sc store.Scope, directory string, subnets []string) (group string, err error) {
	return s.networks.Enroll(tx, sc, directory, subnets)
}

// Disband deletes the group that Enroll made, unless it is needed.
func (s *Service) Disband(tx *store.Tx, sc store.Scope, group string) error {
	return s.networks.Disband(tx, sc, group)
}

// GroupIn tells whether a security group is in the network of the subnets.
func (s *Service) GroupIn(tx *store.Tx, sc store.Scope, group string, subnets []string) (bool, error) {
	return s.networks.GroupIn(tx, sc, group, subnets)
}

// Site tells in which network and Availability Zone a subnet is; both are empty
// for one that is not there.
func (s *Service) Site(tx *store.Tx, sc store.Scope, subnet string) (vpc, zone string, err error) {
	return s.networks.Site(tx, sc, subnet)
}

// Blocks are the ranges of the networks of a scope.
func (s *Service) Blocks(tx *store.Tx, sc store.Scope) ([]netip.Prefix, error) {
	return s.networks.Ranges(tx, sc)
}

// Block is the range of a subnet; not valid for one that is not there.
func (s *Service) Block(tx *store.Tx, sc store.Scope, subnet string) (netip.Prefix, error) {
	return s.networks.Range(tx, sc, subnet)
}

// dryRun makes an operation end before it does anything when its caller only
// asks whether it may: the gate has decided by then (EC2 API Reference, "Common
// query parameters", DryRun).
func dryRun(op api.Operation) func(ctx context.Context, in any) (any, error) {
	field, ok := op.In.FieldByName("DryRun")
	if !ok || field.Type != reflect.TypeFor[*bool]() {
		return op.Invoke
	}
	return func(ctx context.Context, in any) (any, error) {
		if only, _ := reflect.ValueOf(in).Elem().FieldByIndex(field.Index).Interface().(*bool); only != nil && *only {
			return nil, &api.Fault{Code: "DryRunOperation", Message: "Request would have succeeded, but DryRun flag is set.", Status: 412}
		}
		return op.Invoke(ctx, in)
	}
}
