package statemanager

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

const (
	account = "111122223333"
	region  = "ap-northeast-1"
)

var morning = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// room is the room over a store in memory, with nodes, documents and calendars
// of the test.
type room struct {
	*Service
	t      *testing.T
	clk    *clock.Frozen
	nodes  []Node
	closed map[string]bool // calendars
	alarms map[string]string
}

func newRoom(t *testing.T, machines ...string) *room {
	t.Helper()
	r := &room{t: t, clk: clock.NewFrozen(morning), closed: map[string]bool{}, alarms: map[string]string{}}
	st, err := store.Open(t.Context(), store.Options{Clock: r.clk}, Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	r.Service = New(st, id.Seeded(1), r.clk, Ports{Nodes: fleet{r}, Documents: shelf{}, Calendars: calendars{r}, Alarms: alarms{r}, Parameters: values{}})
	for _, m := range machines {
		r.join(m, nil)
	}
	return r
}

func (r *room) join(id string, tags map[string]string) {
	r.nodes = append(slices.DeleteFunc(r.nodes, func(n Node) bool { return n.ID == id }), Node{ID: id, Platform: "Linux", Tags: tags})
	slices.SortStableFunc(r.nodes, func(a, b Node) int { return strings.Compare(a.ID, b.ID) })
}

func (r *room) leave(id string) {
	r.nodes = slices.DeleteFunc(r.nodes, func(n Node) bool { return n.ID == id })
}

type fleet struct{ *room }

func (f fleet) CheckTargets(targets []Target) error {
	if targets[0].Key == "Colour" {
		return errors.New("the key Colour is not known")
	}
	return nil
}

func (f fleet) Targets(_ *store.Tx, _ store.Scope, targets []Target) ([]Node, error) {
	out := slices.Clone(f.nodes)
	for _, t := range targets {
		out = slices.DeleteFunc(out, func(n Node) bool {
			if isIDs(t.Key) {
				return !slices.Contains(t.Values, n.ID) && !slices.Contains(t.Values, "*")
			}
			return !slices.Contains(t.Values, n.Tags[strings.TrimPrefix(t.Key, "tag:")])
		})
	}
	return out, nil
}

func (f fleet) Resolve(_ *store.Tx, _ store.Scope, id string) (Node, bool, error) {
	i := slices.IndexFunc(f.nodes, func(n Node) bool { return n.ID == id })
	if i < 0 {
		return Node{}, false, nil
	}
	return f.nodes[i], true, nil
}

type shelf struct{}

func (shelf) Document(_ *store.Tx, _ store.Scope, name, version string) (Document, error) {
	d := Document{Name: name, Version: "1", Type: "Command", Schema: "2.2", JSON: []byte(`{}`), Sha256: "hash", Platforms: []string{"Linux"}}
	switch {
	case name == "missing":
		return d, &types.InvalidDocument{Message: new("Document with name missing does not exist.")}
	case version == "9":
		return d, &types.InvalidDocumentVersion{Message: new("no such version")}
	case name == "old":
		d.Schema = "1.2"
	case name == "windows":
		d.Schema, d.Platforms = "1.2", []string{"Windows"}
	case name == "runbook":
		d.Type = "Automation"
	}
	return d, nil
}

func (shelf) CheckParameters(_ Document, given map[string][]string) error {
	if given["bad"] != nil {
		return &types.InvalidParameters{Message: new("no parameter bad")}
	}
	return nil
}

func (shelf) Check(context.Context, string, string) ([]api.Check, error) { return nil, nil }

type calendars struct{ *room }

func (c calendars) Open(_ *store.Tx, _ store.Scope, name string) (bool, error) {
	return !c.closed[name], nil
}

type alarms struct{ *room }

func (a alarms) AlarmState(_ *store.Tx, _ store.Scope, name string) (string, bool, error) {
	state, found := a.room.alarms[name]
	return state, found, nil
}

type values struct{}

func (values) Value(_ *store.Tx, _ store.Scope, name string) (string, bool, error) {
	return "from the store", name == "/desk/greeting", nil
}

func (values) Check(_ context.Context, action, name string) ([]api.Check, error) {
	return []api.Check{{Action: action, Resource: name}}, nil
}

func (r *room) ctx() context.Context {
	return api.WithCall(r.t.Context(), &api.Call{
		Caller: api.Caller{Type: api.IAMUser, Account: account}, Account: account, Region: region, Time: r.clk.Now(),
	})
}

// create makes an association and lets it be matched; change may alter the
// request, whose targets are all nodes.
func (r *room) create(change ...func(*ssm.CreateAssociationInput)) string {
	r.t.Helper()
	id, err := r.tryCreate(change...)
	if err != nil {
		r.t.Fatal(err)
	}
	r.match(id)
	return id
}

func (r *room) tryCreate(change ...func(*ssm.CreateAssociationInput)) (string, error) {
	in := &ssm.CreateAssociationInput{Name: aws.String("state"), Targets: []types.Target{{Key: aws.String("InstanceIds"), Values: []string{"*"}}}}
	for _, f := range change {
		f(in)
	}
	out, err := r.CreateAssociation(r.ctx(), in)
	if err != nil {
		return "", err
	}
	return *out.AssociationDescription.AssociationId, nil
}

func (r *room) match(id string) {
	r.t.Helper()
	for more := true; more; {
		var err error
		if more, err = r.Match(r.t.Context(), account, region, id); err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r *room) once(id string) {
	r.t.Helper()
	if _, err := r.StartAssociationsOnce(r.ctx(), &ssm.StartAssociationsOnceInput{AssociationIds: []string{id}}); err != nil {
		r.t.Fatal(err)
	}
}

// pendings lists the nodes that are to run an association now, as their own
// lists tell them.
func (r *room) pendings(id string) string {
	r.t.Helper()
	var out []string
	for _, n := range r.nodes {
		for _, a := range r.lists(n.ID) {
			if *a.AssociationId == id && *a.DetailedStatus == "Pending" {
				out = append(out, n.ID)
			}
		}
	}
	return strings.Join(out, " ")
}

func (r *room) lists(node string) []InstanceAssociationSummary {
	r.t.Helper()
	out, err := r.ListInstanceAssociations(r.ctx(), &ListInstanceAssociationsInput{InstanceId: &node})
	if err != nil {
		r.t.Fatal(err)
	}
	return out.Associations
}

func (r *room) says(node, id, status string) {
	r.t.Helper()
	_, err := r.UpdateInstanceAssociationStatus(r.ctx(), &UpdateInstanceAssociationStatusInput{
		AssociationId: &id, InstanceId: &node, ExecutionResult: &InstanceAssociationExecutionResult{Status: &status},
	})
	if err != nil {
		r.t.Fatalf("%s says %s: %v", node, status, err)
	}
}

// runs lets a node run an association to an end.
func (r *room) runs(node, id, status string) {
	r.t.Helper()
	r.says(node, id, "InProgress")
	r.clk.Advance(time.Second)
	r.says(node, id, status)
}

func (r *room) due() time.Time {
	r.t.Helper()
	next, err := r.Due(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return next
}

// rounds lists the executions of an association, newest first.
func (r *room) rounds(id string) []types.AssociationExecution {
	r.t.Helper()
	out, err := r.DescribeAssociationExecutions(r.ctx(), &ssm.DescribeAssociationExecutionsInput{AssociationId: &id})
	if err != nil {
		r.t.Fatal(err)
	}
	return out.AssociationExecutions
}

func (r *room) overview(id string) string {
	r.t.Helper()
	out, err := r.DescribeAssociation(r.ctx(), &ssm.DescribeAssociationInput{AssociationId: &id})
	if err != nil {
		r.t.Fatal(err)
	}
	o := out.AssociationDescription.Overview
	return fmt.Sprint(*o.Status, " ", *o.DetailedStatus, " ", o.AssociationStatusAggregatedCount)
}

func (r *room) want(what, got, want string) {
	r.t.Helper()
	if got != want {
		r.t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func codeOf(err error) string {
	if fault, ok := errors.AsType[smithy.APIError](err); ok {
		return fault.ErrorCode()
	}
	return fmt.Sprint(err)
}
