package morning

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/desk/account"
)

// patchDocuments install patches. What an association of a patch policy runs by
// itself is no command and does not show here.
var patchDocuments = []string{"AWS-RunPatchBaseline", "AWS-RunPatchBaselineWithHooks", "AWS-RunPatchBaselineAssociation"}

// PatchRun is a run of patches on one node that did not go its whole way, or of
// which the node says so.
type PatchRun struct {
	Node    string    `json:"node"`
	Command string    `json:"command"`
	Asked   time.Time `json:"asked"`
	Status  string    `json:"status"`
	Said    string    `json:"said,omitempty"` // by the node; AWS leaves it empty
	Did     string    `json:"did,omitempty"`  // the node's last operation: Install or Scan
	Machine Node      `json:"machine,omitzero"`
	Why     Broken    `json:"why,omitempty"`     // Judge finds it
	Restart *Event    `json:"restart,omitempty"` // the call that restarted it meanwhile
	Running bool      `json:"running,omitempty"` // it has not ended yet
	Desktop string    `json:"desktop,omitempty"` // Judge finds it
	User    string    `json:"user,omitempty"`    // of that desktop
	Until   time.Time `json:"deadline,omitzero"` // after which the command ends by itself
	Link    string    `json:"link,omitempty"`    // of the node
}

// Broken is what became of a run of patches.
type Broken string

// What becomes of runs of patches.
const (
	ByRestart Broken = "interrupted-by-restart"
	PutOff    Broken = "put-off" // users were connected
	Unended   Broken = "no-end"  // it goes on for longer than patches take
	BadEnd    Broken = "bad-end" // failed or timed out, and nothing says why
	noBreak   Broken = ""        // it went well
)

// mostPatched bounds the nodes whose runs are read.
const mostPatched = 2000

// patching reads the night's runs of patches, and what each node says of its
// last one.
func (e Eyes) patching(ctx context.Context, n *account.Notebook[Facts]) error {
	newest := map[string]PatchRun{}
	for _, document := range patchDocuments {
		if err := e.patchRuns(ctx, document, n.Facts.Since, newest); err != nil {
			return n.Missed(err)
		}
	}
	var runs []PatchRun
	for _, r := range newest {
		runs = append(runs, r)
	}
	slices.SortFunc(runs, func(a, b PatchRun) int { return cmp.Compare(a.Node, b.Node) })
	if len(runs) > mostPatched {
		runs = runs[:mostPatched]
		n.Note(func(f *Facts) { f.Truncated = append(f.Truncated, "AWS-RunPatchBaseline") })
	}
	for chunk := range slices.Chunk(runs, 50) {
		if err := e.patchStates(ctx, chunk); err != nil {
			if err := n.Missed(err); err != nil {
				return err
			}
			break
		}
	}
	runs = slices.DeleteFunc(runs, func(r PatchRun) bool {
		return r.Said == "" && r.Status == string(types.CommandInvocationStatusSuccess)
	})
	for chunk := range slices.Chunk(runs, 50) {
		if err := e.machines(ctx, chunk); err != nil {
			if err := n.Missed(err); err != nil {
				return err
			}
			break
		}
	}
	n.Note(func(f *Facts) { f.PatchRuns = runs })
	return nil
}

// patchRuns notes each node's newest run of a document.
func (e Eyes) patchRuns(ctx context.Context, document string, since time.Time, newest map[string]PatchRun) error {
	var ids []string
	deadlines := map[string]time.Time{}
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := e.Nodes.ListCommands(ctx, &ssm.ListCommandsInput{NextToken: token, Filters: []types.CommandFilter{
			{Key: types.CommandFilterKeyDocumentName, Value: &document},
			{Key: types.CommandFilterKeyInvokedAfter, Value: aws.String(since.UTC().Format(time.RFC3339))},
		}})
		if err != nil {
			return nil, err
		}
		for _, c := range out.Commands {
			ids = append(ids, aws.ToString(c.CommandId))
			deadlines[aws.ToString(c.CommandId)] = aws.ToTime(c.ExpiresAfter)
		}
		return out.NextToken, nil
	})
	if err != nil {
		return account.Explain("ssm:ListCommands", err)
	}
	for _, id := range ids {
		err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
			out, err := e.Nodes.ListCommandInvocations(ctx, &ssm.ListCommandInvocationsInput{CommandId: &id, NextToken: token, MaxResults: aws.Int32(50)})
			if err != nil {
				return nil, err
			}
			for _, i := range out.CommandInvocations {
				r := PatchRun{Node: aws.ToString(i.InstanceId), Command: id, Asked: aws.ToTime(i.RequestedDateTime), Status: string(i.Status), Until: deadlines[id]}
				if old, ok := newest[r.Node]; !ok || old.Asked.Before(r.Asked) {
					newest[r.Node] = r
				}
			}
			return out.NextToken, nil
		})
		if err != nil {
			return account.Explain("ssm:ListCommandInvocations", err)
		}
	}
	return nil
}

// patchStates notes what nodes say of their last run.
func (e Eyes) patchStates(ctx context.Context, runs []PatchRun) error {
	var ids []string
	at := map[string]*PatchRun{}
	for i := range runs {
		ids, at[runs[i].Node] = append(ids, runs[i].Node), &runs[i]
	}
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := e.Nodes.DescribeInstancePatchStates(ctx, &ssm.DescribeInstancePatchStatesInput{InstanceIds: ids, NextToken: token})
		if err != nil {
			return nil, err
		}
		for _, s := range out.InstancePatchStates {
			if r := at[aws.ToString(s.InstanceId)]; r != nil {
				r.Said, r.Did = aws.ToString(s.OwnerInformation), string(s.Operation)
			}
		}
		return out.NextToken, nil
	})
	if err != nil {
		return account.Explain("ssm:DescribeInstancePatchStates", err)
	}
	return nil
}

// machines reads which machines the nodes are.
func (e Eyes) machines(ctx context.Context, runs []PatchRun) error {
	var ids []string
	for _, r := range runs {
		ids = append(ids, r.Node)
	}
	nodes, err := e.nodes(ctx, "InstanceIds", ids...)
	if err != nil {
		return err
	}
	for _, n := range nodes {
		for i := range runs {
			if runs[i].Node == n.ID {
				runs[i].Machine = n
			}
		}
	}
	return nil
}

// patchesTake is how long a run may take before it is said to have no end.
const patchesTake = 2 * time.Hour

// restarts are the operations that restart a machine from outside. What its user
// does at the machine itself is in no trail; our own nodes tell it.
var restarts = []string{"RebootWorkspaces", "StopWorkspaces", "RebootInstances", "StopInstances"}

// patchesBroken lists runs of patches that did not go their whole way.
func (c *file) patchesBroken() []Finding {
	f := Finding{Kind: PatchesBroken}
	for _, r := range c.PatchRuns {
		d, _ := c.desktopOfNode(r.Machine)
		r.Desktop, r.User = d.ID, d.User
		if r.Why = c.breakOf(&r); r.Why != noBreak {
			f.Patches = append(f.Patches, r)
		}
	}
	if f.Patches == nil {
		return nil
	}
	order := []Broken{ByRestart, Unended, BadEnd, PutOff}
	slices.SortFunc(f.Patches, func(a, b PatchRun) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Why), slices.Index(order, b.Why)), cmp.Compare(a.User, b.User), cmp.Compare(a.Node, b.Node))
	})
	return []Finding{f}
}

func (c *file) breakOf(r *PatchRun) Broken {
	ended := !slices.Contains([]string{"Pending", "InProgress", "Delayed", "Cancelling"}, r.Status)
	well := r.Status == string(types.CommandInvocationStatusSuccess)
	switch {
	case well && r.Did == string(types.PatchOperationTypeInstall) && !strings.HasPrefix(r.Said, "deferred"):
		return noBreak // it has put right what it says of the run before it
	case strings.HasPrefix(r.Said, "interrupted"):
		return ByRestart
	case strings.HasPrefix(r.Said, "deferred"):
		return PutOff
	case well:
		return noBreak
	}
	if r.Restart = c.restartOf(r); r.Restart != nil {
		return ByRestart
	}
	switch {
	case ended:
		return BadEnd
	case c.At.Sub(r.Asked) > patchesTake:
		return Unended
	}
	return noBreak
}

// restartOf finds the call that restarted a machine while its patches were on
// their way.
func (c *file) restartOf(r *PatchRun) *Event {
	until := c.At
	if !r.Until.IsZero() && r.Until.Before(until) {
		until = r.Until
	}
	for _, name := range restarts {
		for _, e := range c.byName[name] {
			if e.ErrorCode == "" && e.Time.After(r.Asked) && e.Time.Before(until) &&
				(r.Desktop != "" && slices.Contains(e.Desktops, r.Desktop) || slices.Contains(e.Machines, r.Node)) {
				return &e
			}
		}
	}
	return nil
}

func (g *page) patches(f *Finding) {
	words := map[Broken]string{
		ByRestart: g.say(text.PatchRestart), PutOff: g.say(text.PatchPutOff), Unended: g.say(text.PatchNoEnd), BadEnd: g.say(text.PatchBadEnd),
	}
	for why, rows := range f.byBreak() {
		var names []string
		for _, r := range rows {
			names = append(names, cmp.Or(r.User, r.Machine.Name, r.Node))
		}
		g.line("", g.say(text.PatchesBroken, "n", len(rows), "what", words[why], "names", g.list(names)))
		var told []string
		for _, r := range rows[:min(len(rows), 3)] {
			told = append(told, g.patch(&r))
		}
		g.line(g.say(text.Why), told...)
		g.again(why, rows)
	}
}

// byBreak goes over the runs of each kind, which are together.
func (f *Finding) byBreak() func(func(Broken, []PatchRun) bool) {
	return func(yield func(Broken, []PatchRun) bool) {
		for from := 0; from < len(f.Patches); {
			to := from
			for to < len(f.Patches) && f.Patches[to].Why == f.Patches[from].Why {
				to++
			}
			if !yield(f.Patches[from].Why, f.Patches[from:to]) {
				return
			}
			from = to
		}
	}
}

// patch tells of one run.
func (g *page) patch(r *PatchRun) string {
	who := cmp.Or(r.User, r.Machine.Name, r.Node)
	switch {
	case r.Restart != nil:
		return g.say(text.PatchBy, "who", who, "event", r.Restart.Name, "by", r.Restart.By, "time", g.clock(r.Restart.Time), "command", r.Command)
	case r.Said != "":
		return g.say(text.PatchSaid, "who", who, "said", clip(r.Said))
	}
	return g.say(text.PatchStatus, "who", who, "status", r.Status, "time", g.clock(r.Asked), "command", r.Command)
}

// again is what to do: the operator's command, and what users are written.
func (g *page) again(why Broken, rows []PatchRun) {
	var ids, users []string
	windows := false
	for _, r := range rows {
		ids = append(ids, r.Node)
		windows = windows || r.Machine.Platform == "Windows"
		if r.User != "" {
			users = append(users, r.User)
		}
	}
	g.line(g.say(text.Next), g.say(text.PatchNext, "ids", strings.Join(ids[:min(len(ids), 50)], ",")))
	if why != ByRestart && why != Unended || len(users) == 0 {
		return
	}
	ask := text.PatchDraft
	if windows {
		ask = text.PatchDraftWindows
	}
	slices.Sort(users)
	g.line(g.say(text.Draft, "users", g.list(slices.Compact(users))), g.say(ask))
}
