package provision_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"go.uber.org/goleak"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/workspaces"
	"tamachi/internal/bus"
	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/desktops/fake"
	"tamachi/internal/engine/provision"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	account = "111122223333"
	region  = "ap-northeast-1"
	corp    = "d-0123456789"
	owner   = "folder-one"
)

// office has one directory in which everybody exists who has not left.
type office struct {
	left *atomic.Pointer[string]
}

func (office) Directory(*store.Tx, store.Scope, string) (workspaces.DirectoryFacts, error) {
	return workspaces.DirectoryFacts{Name: "corp.example.com", Type: "SIMPLE_AD", Active: true}, nil
}

func (o office) User(_ *store.Tx, _ store.Scope, _, name string) (string, bool, error) {
	left := o.left.Load()
	return name, left == nil || *left != name, nil
}

func (office) Elsewhere(context.Context, store.Scope, string, []string) (map[string]string, bool, error) {
	return nil, false, nil
}
func (office) Employ(*store.Tx, store.Scope, string, string) error { return nil }
func (office) Dismiss(*store.Tx, store.Scope, string) error        { return nil }

// helpers are the engine's two small ports; what they answer can be changed.
type helpers struct {
	mu          sync.Mutex
	join        error // guarded by mu
	activate    error // guarded by mu
	joined      int   // guarded by mu
	retire      error // guarded by mu
	activations int   // guarded by mu
	// open are the activations, each with its node, that were not retired; by
	// desktop.
	open map[string][]string // guarded by mu
}

func (h *helpers) Names(_ context.Context, _, region, directoryID string) ([]string, error) {
	return []string{directoryID + "." + region + ".tamachi.internal"}, nil
}

func (h *helpers) Join(_ context.Context, acc, reg, directoryID string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if acc != account || reg != region || directoryID != corp {
		return fmt.Errorf("asked to join %s %s %s", acc, reg, directoryID)
	}
	h.joined++
	return h.join
}

func (h *helpers) Activate(_ context.Context, _, _, desktopID string) (string, string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.activations++
	id := fmt.Sprint("activation-", h.activations)
	if h.activate == nil {
		h.open[desktopID] = append(h.open[desktopID], id)
	}
	return id, "secret", h.activate
}

func (h *helpers) Retire(_ context.Context, acc, reg, desktopID string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if acc != account || reg != region {
		return fmt.Errorf("asked to retire in %s %s", acc, reg)
	}
	if h.retire != nil {
		return h.retire
	}
	delete(h.open, desktopID)
	return nil
}

// kept are the activations of a desktop that were not retired.
func (h *helpers) kept(desktopID string) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.open[desktopID])
}

func (h *helpers) answer(join, activate error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.join, h.activate = join, activate
}

// plane is a room, a world of desktops and an engine that can be stopped and
// started again over both.
type plane struct {
	t     *testing.T
	left  *atomic.Pointer[string] // the user who has left the directory
	store *store.Store
	bell  *bus.Bell
	room  *workspaces.Service
	world *fake.World
	help  *helpers
	ports provision.Ports
	clock *clock.Frozen
	calls int
	stop  func()
}

func open(t *testing.T) *plane {
	t.Helper()
	clk := clock.NewFrozen(time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC))
	bell := bus.New()
	st, err := store.Open(t.Context(), store.Options{Clock: clk, Bell: bell}, workspaces.Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	left := new(atomic.Pointer[string])
	p := &plane{
		t: t, left: left, store: st, bell: bell, clock: clk, world: fake.NewWorld(clk), help: &helpers{open: map[string][]string{}},
		room: workspaces.New(st, id.Seeded(7), clk, workspaces.Ports{People: office{left}}),
	}
	p.ports = provision.Ports{Room: p.room, Directories: p.help, Activations: p.help, Provider: fake.Open(p.world)}
	if _, err := p.room.RegisterWorkspaceDirectory(p.call(), &sdk.RegisterWorkspaceDirectoryInput{DirectoryId: new(corp)}); err != nil {
		t.Fatal(err)
	}
	return p
}

// run starts the engine; it ends with the test or by halt.
func (p *plane) run() {
	p.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	e := provision.New(p.store, p.bell, p.ports, provision.Options{
		Node: desktops.Node{Domain: "tamachi.internal", Port: 4566}, Owner: owner, Workers: 2,
	})
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	p.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			p.t.Errorf("the engine ended with %v", err)
		}
	})
	p.t.Cleanup(p.stop)
}

// call is a context in which an operation of the room can be called.
func (p *plane) call() context.Context {
	p.calls++
	return api.WithCall(context.Background(), &api.Call{Account: account, Region: region, RequestID: fmt.Sprint("request-", p.calls), Time: time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC)})
}

func (p *plane) create(users ...string) []string {
	p.t.Helper()
	in := &sdk.CreateWorkspacesInput{}
	for _, u := range users {
		in.Workspaces = append(in.Workspaces, types.WorkspaceRequest{DirectoryId: new(corp), BundleId: new("wsb-d12stand0"), UserName: &u, WorkspaceProperties: &types.WorkspaceProperties{RunningMode: types.RunningModeAutoStop}})
	}
	out, err := p.room.CreateWorkspaces(p.call(), in)
	if err != nil || len(out.FailedRequests) != 0 {
		p.t.Fatalf("create: %v, %+v", err, out)
	}
	var ids []string
	for _, w := range out.PendingRequests {
		ids = append(ids, *w.WorkspaceId)
	}
	return ids
}

func (p *plane) ask(verb, id string) {
	p.t.Helper()
	var failed []types.FailedWorkspaceChangeRequest
	var err error
	switch verb {
	case "start":
		var out *sdk.StartWorkspacesOutput
		out, err = p.room.StartWorkspaces(p.call(), &sdk.StartWorkspacesInput{StartWorkspaceRequests: []types.StartRequest{{WorkspaceId: &id}}})
		failed = out.FailedRequests
	case "stop":
		var out *sdk.StopWorkspacesOutput
		out, err = p.room.StopWorkspaces(p.call(), &sdk.StopWorkspacesInput{StopWorkspaceRequests: []types.StopRequest{{WorkspaceId: &id}}})
		failed = out.FailedRequests
	case "reboot":
		var out *sdk.RebootWorkspacesOutput
		out, err = p.room.RebootWorkspaces(p.call(), &sdk.RebootWorkspacesInput{RebootWorkspaceRequests: []types.RebootRequest{{WorkspaceId: &id}}})
		failed = out.FailedRequests
	case "rebuild":
		var out *sdk.RebuildWorkspacesOutput
		out, err = p.room.RebuildWorkspaces(p.call(), &sdk.RebuildWorkspacesInput{RebuildWorkspaceRequests: []types.RebuildRequest{{WorkspaceId: &id}}})
		failed = out.FailedRequests
	case "terminate":
		var out *sdk.TerminateWorkspacesOutput
		out, err = p.room.TerminateWorkspaces(p.call(), &sdk.TerminateWorkspacesInput{TerminateWorkspaceRequests: []types.TerminateRequest{{WorkspaceId: &id}}})
		failed = out.FailedRequests
	}
	if err != nil || len(failed) != 0 {
		p.t.Fatalf("%s %s: %v, %+v", verb, id, err, failed)
	}
}

// look is a desktop as a customer sees it; gone has the state "".
func (p *plane) look(id string) types.Workspace {
	p.t.Helper()
	out, err := p.room.DescribeWorkspaces(p.call(), &sdk.DescribeWorkspacesInput{WorkspaceIds: []string{id}})
	if err != nil {
		p.t.Fatal(err)
	}
	if len(out.Workspaces) == 0 {
		return types.Workspace{}
	}
	return out.Workspaces[0]
}

// becomes waits until the desktop has the state and returns it.
func (p *plane) becomes(id, state string) types.Workspace {
	p.t.Helper()
	rung, end := p.bell.Listen()
	defer end()
	late := time.NewTimer(20 * time.Second)
	defer late.Stop()
	for {
		w := p.look(id)
		if string(w.State) == state {
			return w
		}
		select {
		case <-rung:
		case <-late.C:
			p.t.Fatalf("%s is %s (%s), want %s", id, w.State, deref(w.ErrorMessage), state)
		}
	}
}

// inspect is the provider's view; "" when it has no such desktop.
func (p *plane) inspect(id string) desktops.State {
	p.t.Helper()
	d, err := p.ports.Provider.Inspect(p.t.Context(), id)
	if errors.Is(err, desktops.ErrNotFound) {
		return ""
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return d.State
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// fail makes the provider fail as often as the engine tries.
func (p *plane) fail(op fake.Op, err error) {
	for n := range provision.Tries {
		p.world.Fail(op, n+1, err)
	}
}
