package workspaces_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/gate"
	"tamachi/internal/aws/model"
	"tamachi/internal/aws/services/workspaces"
	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/id"
	"tamachi/internal/policy"
	"tamachi/internal/store"
)

const (
	account  = "111122223333"
	stranger = "444455556666"
	region   = "ap-northeast-1"
	corp     = "d-0123456789"
	standard = "wsb-d12stand0"
)

// person is a user of the people's directory.
type person struct{ Directory, Name string }

var people = store.Table[person]{
	Name: "test.people", Reach: store.Regional,
	Key: func(p *person) string { return p.Directory + "/" + strings.ToLower(p.Name) },
}

// office is a People in memory: one directory with people in it.
type office struct {
	facts map[string]workspaces.DirectoryFacts
	// abroad are the users of a connected directory, as they are written, by its
	// id; nil is one that is away.
	abroad map[string][]string
}

var _ workspaces.People = office{}

func (o office) Directory(_ *store.Tx, sc store.Scope, id string) (workspaces.DirectoryFacts, error) {
	if f, ok := o.facts[id]; ok && sc.Account == account {
		return f, nil
	}
	return workspaces.DirectoryFacts{}, workspaces.ErrNoDirectory
}

func (o office) User(tx *store.Tx, sc store.Scope, directoryID, name string) (string, bool, error) {
	p, err := people.Get(tx, sc, directoryID+"/"+strings.ToLower(name))
	if errors.Is(err, store.ErrNotFound) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	return p.Name, true, nil
}

func (o office) Elsewhere(_ context.Context, _ store.Scope, id string, names []string) (map[string]string, bool, error) {
	users, ok := o.abroad[id]
	if !ok {
		return nil, false, nil
	}
	if users == nil {
		return nil, true, fmt.Errorf("ask: %w", workspaces.ErrAway)
	}
	written := map[string]string{}
	for _, name := range names {
		for _, u := range users {
			if strings.EqualFold(u, name) {
				written[name] = u
			}
		}
	}
	return written, true, nil
}

func (o office) Employ(tx *store.Tx, sc store.Scope, directoryID, name string) error {
	return people.Put(tx, sc, &person{directoryID, name})
}

func (o office) Dismiss(tx *store.Tx, sc store.Scope, directoryID string) error {
	err := people.Delete(tx, sc, directoryID+"/svc-workspaces")
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// noTrail records nothing: the trail is another room's.
type noTrail struct{}

func (noTrail) Attach(ctx context.Context, _ *api.Event) context.Context { return ctx }
func (noTrail) Record(context.Context, *api.Event) error                 { return nil }
func (noTrail) Later(context.Context, *api.Event)                        {}

// plane is the room behind a real gate.
type plane struct {
	t      *testing.T
	store  *store.Store
	room   *workspaces.Service
	gate   *gate.Gate
	clock  *clock.Frozen
	office office
	strict workspaces.Strict
	calls  int
	told   told
}

// told keeps the events of the room.
type told []api.Occurrence

// Emit keeps one.
func (o *told) Emit(_ *store.Tx, _ store.Scope, one api.Occurrence) error {
	*o = append(*o, one)
	return nil
}

func open(t *testing.T) *plane {
	t.Helper()
	clk := clock.NewFrozen(time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC))
	st, err := store.Open(t.Context(), store.Options{Clock: clk}, append(workspaces.Tables(), &people)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	desk := office{abroad: map[string][]string{}, facts: map[string]workspaces.DirectoryFacts{
		corp:           {Name: "corp.example.com", Alias: "corp", Type: "SIMPLE_AD", Active: true, DNS: []string{"10.0.0.10"}, SubnetIDs: []string{"subnet-0123abcd", "subnet-4567abcd"}},
		"d-0000000001": {Name: "slow.example.com", Type: "SIMPLE_AD"},
	}}
	p := &plane{t: t, store: st, clock: clk, office: desk}
	p.begins()
	p.hire("fujita.kouhei", "nakamura.yuri", "Sato.Hanako")
	return p
}

// begins makes the room and its gate, as each start of a plane does.
func (p *plane) begins() {
	p.t.Helper()
	p.room = workspaces.New(p.store, id.Seeded(7), p.clock, workspaces.Ports{People: p.office, Strict: p.strict, Events: &p.told})
	g, err := gate.New(gate.Options{
		Services: []api.Service{p.room}, Models: model.Load, Recorder: noTrail{}, Principals: everything{}, Clock: p.clock, IDs: id.Seeded(8),
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.gate = g
}

func (p *plane) hire(names ...string) {
	p.t.Helper()
	err := p.store.Update(p.t.Context(), func(tx *store.Tx) error {
		for _, n := range names {
			if err := people.Put(tx, store.In(account, region), &person{corp, n}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// call runs an operation as the administrator of an account.
func (p *plane) call(account, operation string, in any) (any, error) {
	p.t.Helper()
	p.calls++
	return p.gate.Do(p.t.Context(), &api.Call{
		Caller:  api.Caller{Type: api.IAMUser, Account: account, Name: "administrator", ARN: "arn:aws:iam::" + account + ":user/administrator"},
		Account: account, Region: region, RequestID: fmt.Sprintf("request-%d", p.calls), Time: p.clock.Now(), Service: "workspaces", Operation: operation,
	}, in)
}

// must runs an operation that has to succeed.
func must[O any](p *plane, operation string, in any) *O {
	p.t.Helper()
	out, err := p.call(account, operation, in)
	if err != nil {
		p.t.Fatalf("%s: %v", operation, err)
	}
	return out.(*O)
}

func (p *plane) register() {
	p.t.Helper()
	must[sdk.RegisterWorkspaceDirectoryOutput](p, "RegisterWorkspaceDirectory", &sdk.RegisterWorkspaceDirectoryInput{DirectoryId: new(corp)})
}

func (p *plane) create(requests ...types.WorkspaceRequest) *sdk.CreateWorkspacesOutput {
	p.t.Helper()
	return must[sdk.CreateWorkspacesOutput](p, "CreateWorkspaces", &sdk.CreateWorkspacesInput{Workspaces: requests})
}

// desktop registers the directory and creates a desktop of the mode.
func (p *plane) desktop(user string, mode types.RunningMode) string {
	p.t.Helper()
	out := p.create(types.WorkspaceRequest{DirectoryId: new(corp), BundleId: new(standard), UserName: &user, WorkspaceProperties: &types.WorkspaceProperties{RunningMode: mode}})
	if len(out.PendingRequests) != 1 {
		p.t.Fatalf("create a desktop for %s: %+v", user, out.FailedRequests)
	}
	return *out.PendingRequests[0].WorkspaceId
}

// job is what the engine would find.
func (p *plane) job(id string) desktops.Job {
	p.t.Helper()
	j, found, err := p.room.Job(p.t.Context(), account, region, id)
	if err != nil || !found {
		p.t.Fatalf("job of %s: found %v, %v", id, found, err)
	}
	return j
}

func (p *plane) settle(id string, o desktops.Outcome) {
	p.t.Helper()
	if err := p.room.Settle(p.t.Context(), p.job(id), o); err != nil {
		p.t.Fatalf("settle %s: %v", id, err)
	}
}

func (p *plane) describe(in *sdk.DescribeWorkspacesInput) []types.Workspace {
	p.t.Helper()
	return must[sdk.DescribeWorkspacesOutput](p, "DescribeWorkspaces", in).Workspaces
}

// one is a desktop as a customer sees it.
func (p *plane) one(id string) types.Workspace {
	p.t.Helper()
	all := p.describe(&sdk.DescribeWorkspacesInput{WorkspaceIds: []string{id}})
	if len(all) != 1 {
		p.t.Fatalf("describe %s: %d desktops, want 1", id, len(all))
	}
	return all[0]
}

func (p *plane) refused(operation string, in any, code string) {
	p.t.Helper()
	_, err := p.call(account, operation, in)
	if got := codeOf(err); got != code {
		p.t.Errorf("%s: want %s, got %q (%v)", operation, code, got, err)
	}
}

func codeOf(err error) string {
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return e.ErrorCode()
	}
	return ""
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmp.Exporter(func(reflect.Type) bool { return true })); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// everything lets every user do everything.
type everything struct{}

// Bindings gives an administrator's policy.
func (everything) Bindings(context.Context, *api.Caller) (gate.Bindings, error) {
	d, err := policy.Parse(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	return gate.Bindings{Identity: policy.NewSet(policy.Policy{Name: "all", Kind: "inline", Document: d})}, err
}
