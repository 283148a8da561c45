package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/amazon"
	"tamachi/internal/aws/services/ssm/runcommand"
	"tamachi/internal/bus"
	"tamachi/internal/clock"
	"tamachi/internal/engine/delivery"
	"tamachi/internal/id"
	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// fleet is many scripted nodes, with the room of commands and the engine over a
// folder. The plane's part of it can be killed at any moment; nodes live on.
type fleet struct {
	t      testing.TB
	folder string
	nodes  map[string]*puppet
	ids    []string
	most   int // how many ran at a time

	mu      sync.Mutex
	room    *runcommand.Service // guarded by mu; nil while the plane is down
	running map[string]bool     // guarded by mu; nodes that work on a job
	words   sync.WaitGroup      // what nodes are saying

	store  *store.Store
	cancel context.CancelFunc
	runs   sync.WaitGroup
}

// puppet is a scripted node. Like an agent it takes a job once, says so every
// time it is asked, and repeats its result until the plane has it.
type puppet struct {
	id   string
	away bool // guarded by the fleet's mu

	result string // Success, Failed; "" never answers anything
	busy   int    // refusals for want of room, before it takes a job
	lies   bool   // about others' jobs, and twice about its own
	slow   time.Duration

	mu    sync.Mutex
	taken map[string]bool // guarded by mu; jobs that the plane knows to be taken: it must not send them again
	known map[string]bool // guarded by mu; jobs
	ended map[string]bool // guarded by mu; jobs whose result the plane has
}

func newFleet(t testing.TB, count int) *fleet {
	t.Helper()
	f := &fleet{t: t, folder: t.TempDir(), nodes: map[string]*puppet{}, running: map[string]bool{}}
	for n := range count {
		name := fmt.Sprintf("mi-%017d", n)
		f.nodes[name] = &puppet{id: name, result: "Success", taken: map[string]bool{}, known: map[string]bool{}, ended: map[string]bool{}}
		f.ids = append(f.ids, name)
	}
	return f
}

func (f *fleet) start() {
	f.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	f.cancel = cancel
	bell := bus.New()
	st, err := store.Open(ctx, store.Options{Path: filepath.Join(f.folder, "plane.db"), Clock: clock.Real{}, Bell: bell}, runcommand.Tables()...)
	if err != nil {
		f.t.Fatal(err)
	}
	f.store = st
	room := runcommand.New(st, id.Random(), clock.Real{}, runcommand.Ports{Nodes: f, Documents: provided{}})
	f.mu.Lock()
	f.room = room
	f.mu.Unlock()
	engine := delivery.New(delivery.Options{
		Commands: room, Gateway: f, Feed: st, Bell: bell, Clock: clock.Real{},
		OrdersTable: runcommand.InvocationsTable, ChoresTable: runcommand.ChoresTable, NodesTable: "ssm.nodes",
	})
	f.runs.Go(func() { _ = engine.Run(ctx) })
}

// kill ends the plane as kill -9 would: what is not in the store now never will
// be.
func (f *fleet) kill() {
	f.mu.Lock()
	f.room = nil
	f.mu.Unlock()
	_ = f.store.Close()
	f.cancel()
	f.runs.Wait()
}

type provided struct{}

func (provided) Document(_ *store.Tx, _ store.Scope, name string, _ *string) (runcommand.Document, error) {
	for _, d := range amazon.Documents() {
		if d.Name == name && d.Format == "JSON" {
			return runcommand.Document{Name: name, Version: "1", Type: d.Type, JSON: d.Content, Amazon: true}, nil
		}
	}
	return runcommand.Document{}, &types.InvalidDocument{}
}

func (provided) Check(context.Context, string, string) ([]api.Check, error) { return nil, nil }

func (f *fleet) Resolve(_ *store.Tx, _ store.Scope, id string) (runcommand.Node, bool, error) {
	_, ok := f.nodes[id]
	return runcommand.Node{ID: id}, ok, nil
}

func (f *fleet) Targets(_ *store.Tx, _ store.Scope, targets []runcommand.Target) ([]runcommand.Node, error) {
	out := make([]runcommand.Node, 0, len(f.ids))
	for _, id := range f.ids {
		if targets[0].Key != "InstanceIds" || slices.Contains(targets[0].Values, id) {
			out = append(out, runcommand.Node{ID: id})
		}
	}
	return out, nil
}

func (f *fleet) CheckTargets([]runcommand.Target) error { return nil }

func (f *fleet) FindsBucket(*store.Tx, store.Scope, string, string) (bool, error) { return true, nil }

func (f *fleet) Online(node string) bool { return f.Connected(node) }

func (f *fleet) Connected(node string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.room != nil && !f.nodes[node].away
}

func (f *fleet) Disconnect(string) {}

// Send gives a node a job; what it says of it comes later.
func (f *fleet) Send(_ context.Context, node string, job nodes.Job) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.room == nil || f.nodes[node].away {
		return nodes.ErrOffline
	}
	room := f.room
	f.words.Go(func() { f.nodes[node].take(f, room, job) })
	return nil
}

// take is what a node does with a job.
func (p *puppet) take(f *fleet, room *runcommand.Service, job nodes.Job) {
	ctx := context.Background()
	p.mu.Lock()
	if p.taken[job.ID] {
		f.t.Errorf("%s was sent again after the plane knew it as taken", job.ID)
	}
	status := nodes.AckAccepted
	switch {
	case p.result == "":
		p.mu.Unlock()
		return
	case p.known[job.ID]:
		status = nodes.AckDuplicate
	case p.busy > 0:
		p.busy--
		status = nodes.AckBusy
	default:
		p.known[job.ID] = true
	}
	p.mu.Unlock()
	if status == nodes.AckAccepted {
		f.mu.Lock()
		f.running[p.id] = true
		f.most = max(f.most, len(f.running))
		f.mu.Unlock()
	}
	if p.lies {
		other := strings.TrimSuffix(job.ID, p.id) + f.ids[0]
		_ = room.JobReplied(ctx, p.id, nodes.Reply{JobID: other, Status: "Failed"})
		_ = room.JobAcknowledged(ctx, p.id, "aws.ssm.nothing."+p.id, nodes.AckAccepted)
	}
	if room.JobAcknowledged(ctx, p.id, job.ID, status) == nil && status != nodes.AckBusy {
		p.mu.Lock()
		p.taken[job.ID] = true
		p.mu.Unlock()
	}
	if status != nodes.AckAccepted {
		return
	}
	if p.slow > 0 {
		time.Sleep(p.slow) //nolint:forbidigo // it is slow
	}
	p.finish(f, job.ID)
}

// finish repeats a result until the plane has it.
func (p *puppet) finish(f *fleet, job string) {
	step := nodes.Step{Name: "aws:runShellScript", Plugin: "aws:runShellScript", Status: p.result}
	reply := nodes.Reply{JobID: job, Status: p.result, Steps: map[string]nodes.Step{step.Name: step}}
	f.mu.Lock()
	delete(f.running, p.id)
	f.mu.Unlock()
	for {
		f.mu.Lock()
		room := f.room
		f.mu.Unlock()
		if room == nil || room.JobReplied(context.Background(), p.id, reply) != nil {
			time.Sleep(time.Millisecond) //nolint:forbidigo // until the plane is back
			continue
		}
		if p.lies { // a second, other word
			_ = room.JobReplied(context.Background(), p.id, nodes.Reply{JobID: job, Status: "Failed"})
		}
		p.mu.Lock()
		p.ended[job] = true
		p.mu.Unlock()
		return
	}
}

func (f *fleet) call() context.Context {
	return api.WithCall(f.t.Context(), &api.Call{
		Account: account, Region: region, Time: time.Now(), Caller: api.Caller{Type: api.IAMUser, Account: account},
	})
}

// send sends a command to all nodes by a tag.
func (f *fleet) send(concurrency, errors string, timeout int32) string {
	f.t.Helper()
	out, err := f.room.SendCommand(f.call(), &ssm.SendCommandInput{
		DocumentName: aws.String("AWS-RunShellScript"), Parameters: map[string][]string{"commands": {"true"}},
		Targets:        []types.Target{{Key: aws.String("tag:Floor"), Values: []string{"3"}}},
		MaxConcurrency: &concurrency, MaxErrors: &errors, TimeoutSeconds: &timeout,
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return *out.Command.CommandId
}

func (f *fleet) command(id string) types.Command {
	f.t.Helper()
	out, err := f.room.ListCommands(f.call(), &ssm.ListCommandsInput{CommandId: &id})
	if err != nil {
		f.t.Fatal(err)
	}
	return out.Commands[0]
}

// await waits until nothing of a command is open.
func (f *fleet) await(id string, within time.Duration) types.Command {
	f.t.Helper()
	deadline := time.Now().Add(within)
	for {
		c := f.command(id)
		if c.CompletedCount == c.TargetCount {
			return c
		}
		if time.Now().After(deadline) {
			f.t.Fatalf("after %v %d of %d are done, the command is %s", within, c.CompletedCount, c.TargetCount, *c.StatusDetails)
		}
		time.Sleep(2 * time.Millisecond) //nolint:forbidigo // a poll
	}
}

// details are the invocations' by node.
func (f *fleet) details(id string) map[string]string {
	f.t.Helper()
	out := map[string]string{}
	in := &ssm.ListCommandInvocationsInput{CommandId: &id, MaxResults: aws.Int32(50)}
	for {
		page, err := f.room.ListCommandInvocations(f.call(), in)
		if err != nil {
			f.t.Fatal(err)
		}
		for _, i := range page.CommandInvocations {
			if out[*i.InstanceId] != "" {
				f.t.Errorf("%s is listed twice", *i.InstanceId)
			}
			out[*i.InstanceId] = *i.StatusDetails
		}
		if page.NextToken == nil {
			return out
		}
		in.NextToken = page.NextToken
	}
}

// Random fleets of slow, dead, lying, busy and failing nodes, and a plane that
// is killed at random moments: no more than MaxConcurrency ever run at a time,
// no job is sent to a node that the plane knows to have it, every node ends in
// one state, and it is the true one.
func TestFleetsSurviveAnything(t *testing.T) {
	for seed := range uint64(5) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel() // they mostly wait
			r := rand.New(rand.NewPCG(seed, 1))
			f := newFleet(t, 20+r.IntN(60))
			for _, id := range f.ids[1:] {
				p := f.nodes[id]
				switch r.IntN(10) {
				case 0:
					p.slow = time.Duration(r.IntN(30)) * time.Millisecond
				case 1:
					p.result = ""
				case 2:
					p.lies = true
				case 3:
					p.away = true
				case 4:
					p.result = "Failed"
				}
			}
			f.start()
			concurrency := 2 + r.IntN(10)
			id := f.send(fmt.Sprint(concurrency), "100%", 2)
			for range 1 + r.IntN(3) {
				time.Sleep(time.Duration(r.IntN(40)) * time.Millisecond) //nolint:forbidigo // a random moment
				f.kill()
				f.start()
			}
			c := f.await(id, 30*time.Second)
			f.words.Wait()
			for node, got := range f.details(id) {
				p := f.nodes[node]
				want := p.result
				if p.result == "" || p.away {
					want = "DeliveryTimedOut"
				}
				if got != want && !(got == "DeliveryTimedOut" && !p.known["aws.ssm."+id+"."+node]) {
					t.Errorf("%s ended %s, want %s", node, got, want)
				}
			}
			if int(c.TargetCount) != len(f.ids) {
				t.Errorf("%d invocations, want %d", c.TargetCount, len(f.ids))
			}
			if f.most > concurrency {
				t.Errorf("%d ran at a time, MaxConcurrency is %d", f.most, concurrency)
			}
			f.kill()
		})
	}
}

// After MaxErrors no further node begins, those that run end as they end, and
// the rest is Terminated.
func TestErrorsStopAFleet(t *testing.T) {
	f := newFleet(t, 300)
	for n, id := range f.ids {
		if n%3 == 0 {
			f.nodes[id].result = "Failed"
		}
	}
	f.start()
	defer f.kill()
	id := f.send("10", "5%", 60)
	c := f.await(id, 30*time.Second)
	f.words.Wait()
	count := map[string]int{}
	for _, got := range f.details(id) {
		count[got]++
	}
	if *c.StatusDetails != "Failed" || count["Failed"] < 16 || count["Failed"] > 25 || count["Success"]+count["Failed"]+count["Terminated"] != 300 || f.most > 10 {
		t.Errorf("the command is %s with %v, %d at a time", *c.StatusDetails, count, f.most)
	}
	if int(c.ErrorCount) != count["Failed"] {
		t.Errorf("it counts %d errors of %d", c.ErrorCount, count["Failed"])
	}
}

// A node that is busy is asked again, and one that comes back gets its turn
// while others wait for theirs.
func TestNodesThatComeBackGetTheirTurn(t *testing.T) {
	f := newFleet(t, 6)
	for _, id := range f.ids[:4] {
		f.nodes[id].away = true
	}
	f.nodes[f.ids[5]].busy = 1
	f.start()
	defer f.kill()
	id := f.send("1", "0", 60)
	deadline := time.Now().Add(20 * time.Second)
	for f.command(id).CompletedCount < 2 {
		if time.Now().After(deadline) {
			t.Fatalf("the nodes that are there wait for those that are not: %v", f.details(id))
		}
		time.Sleep(2 * time.Millisecond) //nolint:forbidigo // a poll
	}
	if got := f.details(id)[f.ids[0]]; got != "Delayed" {
		t.Errorf("a node that is away is %s, want Delayed", got)
	}
	f.mu.Lock()
	for _, p := range f.nodes {
		p.away = false
	}
	f.mu.Unlock()
	f.kill() // the engine hears of nodes by their records, which are not here; a start looks at all
	f.start()
	if c := f.await(id, 20*time.Second); *c.StatusDetails != "Success" || f.most != 1 {
		t.Errorf("the command is %s, %d at a time", *c.StatusDetails, f.most)
	}
	f.words.Wait()
}

// BenchmarkFleet is one command by tag to ten thousand nodes that answer at
// once, until every result is durable.
func BenchmarkFleet(b *testing.B) {
	f := newFleet(b, 10_000)
	f.start()
	defer f.kill()
	for b.Loop() {
		began := time.Now()
		id := f.send("100%", "100%", 600)
		b.ReportMetric(float64(time.Since(began).Milliseconds()), "ms-accept")
		if c := f.await(id, time.Minute); *c.StatusDetails != "Success" {
			b.Fatal(errors.New(*c.StatusDetails))
		}
	}
	f.words.Wait()
}
