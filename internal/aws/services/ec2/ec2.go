package ec2

import (
	"context"
	"reflect"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ec2/vpc"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// Service is the wing.
type Service struct {
	networks *vpc.Service
}

// New returns the wing over its store.
func New(st *store.Store, ids *id.Source, clk clock.Clock) *Service {
	return &Service{networks: vpc.New(st, ids, clk)}
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
