package morning

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
)

// Hands are the calls of a repair.
type Hands interface {
	account.Desktops
	TerminateWorkspaces(context.Context, *workspaces.TerminateWorkspacesInput, ...func(*workspaces.Options)) (*workspaces.TerminateWorkspacesOutput, error)
	CreateWorkspaces(context.Context, *workspaces.CreateWorkspacesInput, ...func(*workspaces.Options)) (*workspaces.CreateWorkspacesOutput, error)
}

// Outcome is how the replacement of one desktop ended.
type Outcome struct {
	Request Request `json:"request"`
	Old     string  `json:"old"`
	New     string  `json:"new,omitempty"`
	State   string  `json:"state,omitempty"` // of the new desktop
	Code    string  `json:"errorCode,omitempty"`
	Message string  `json:"errorMessage,omitempty"`
	Good    bool    `json:"good"` // AVAILABLE, with what was asked for

	kept bool // the old desktop was not terminated
}

// Step is what a repair is doing, for whoever watches.
type Step struct {
	Phase string // terminate, create, wait
	Done  int
	Of    int
	Took  time.Duration
}

// Apply carries out a repair.
type Apply struct {
	Hands    Hands
	Clock    clock.Clock
	Keep     func(*Journal) error // writes the journal durably
	Progress func(Step)
	Timeout  time.Duration // for each wait

	began   time.Time
	journal *Journal
}

// ErrTimeout is a wait that took too long. The repair can be run again.
var ErrTimeout = errors.New("not done in time; run the same command again to go on")

// Run terminates, waits until all are gone, creates, and waits until each new
// desktop is AVAILABLE or in ERROR. It can be broken off at any point: the
// next run goes on where the state of the account shows it stopped.
func (a *Apply) Run(ctx context.Context, r *Repair) ([]Outcome, error) {
	a.began = a.Clock.Now()
	outcomes := make([]Outcome, len(r.Replacements))
	for i, item := range r.Replacements {
		outcomes[i] = Outcome{Request: item.Request, Old: item.Old}
	}
	a.journal = &Journal{Begun: a.began, Items: r.Replacements}
	if !r.Resumed.IsZero() {
		a.journal.Begun = r.Resumed
	}
	if err := a.Keep(a.journal); err != nil {
		return nil, err
	}
	if err := a.terminate(ctx, r.Replacements, outcomes); err != nil {
		return outcomes, err
	}
	if err := a.create(ctx, outcomes); err != nil {
		return outcomes, err
	}
	// Every user has a desktop, or an answer that says why not: from here the
	// account itself shows what is left to do.
	if err := a.Keep(a.remaining(outcomes)); err != nil {
		return outcomes, err
	}
	return outcomes, a.wait(ctx, outcomes)
}

// remaining is the journal of the users who still have no desktop.
func (a *Apply) remaining(outcomes []Outcome) *Journal {
	j := &Journal{Begun: a.journal.Begun}
	for i, o := range outcomes {
		if o.New == "" && !o.kept {
			j.Items = append(j.Items, a.journal.Items[i])
		}
	}
	return j
}

// terminate ends the desktops that are still in ERROR, and waits until they
// are gone: a user can have one desktop in a directory.
func (a *Apply) terminate(ctx context.Context, items []Replacement, outcomes []Outcome) error {
	var ids []string
	for _, item := range items {
		ids = append(ids, item.Old)
	}
	now, err := account.DesktopsByID(ctx, a.Hands, ids)
	if err != nil {
		return err
	}
	var doomed []string
	for _, w := range now {
		id := aws.ToString(w.WorkspaceId)
		i := slices.IndexFunc(outcomes, func(o Outcome) bool { return o.Old == id })
		switch {
		case i < 0 || w.State == types.WorkspaceStateTerminated || w.State == types.WorkspaceStateTerminating:
		case w.State != types.WorkspaceStateError:
			outcomes[i].kept = true
			outcomes[i].Code, outcomes[i].Message = "NotInError", "the desktop is "+string(w.State)+" now"
		default:
			doomed = append(doomed, id)
		}
	}
	for chunk := range slices.Chunk(doomed, account.Batch) {
		if err := a.terminateBatch(ctx, chunk, outcomes); err != nil {
			return err
		}
	}
	return a.untilGone(ctx, ids, outcomes)
}

func (a *Apply) terminateBatch(ctx context.Context, ids []string, outcomes []Outcome) error {
	in := &workspaces.TerminateWorkspacesInput{}
	for _, id := range ids {
		in.TerminateWorkspaceRequests = append(in.TerminateWorkspaceRequests, types.TerminateRequest{WorkspaceId: aws.String(id)})
	}
	out, err := a.Hands.TerminateWorkspaces(ctx, in)
	if err != nil {
		return account.Explain("workspaces:TerminateWorkspaces", err)
	}
	for _, f := range out.FailedRequests {
		i := slices.IndexFunc(outcomes, func(o Outcome) bool { return o.Old == aws.ToString(f.WorkspaceId) })
		if i >= 0 {
			outcomes[i].kept = true
			outcomes[i].Code, outcomes[i].Message = aws.ToString(f.ErrorCode), aws.ToString(f.ErrorMessage)
		}
	}
	return nil
}

func (a *Apply) untilGone(ctx context.Context, ids []string, outcomes []Outcome) error {
	waiting := slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		return slices.ContainsFunc(outcomes, func(o Outcome) bool { return o.Old == id && o.kept })
	})
	all := len(waiting)
	return a.watch(ctx, "terminate", func() (done, of int, err error) {
		now, err := account.DesktopsByID(ctx, a.Hands, waiting)
		waiting = waiting[:0]
		for _, w := range now {
			if w.State != types.WorkspaceStateTerminated {
				waiting = append(waiting, aws.ToString(w.WorkspaceId))
			}
		}
		return all - len(waiting), all, err
	})
}

// create asks for the new desktops, 25 a call.
func (a *Apply) create(ctx context.Context, outcomes []Outcome) error {
	var todo []*Outcome
	for i := range outcomes {
		if outcomes[i].Code == "" {
			todo = append(todo, &outcomes[i])
		}
	}
	for chunk := range slices.Chunk(todo, account.Batch) {
		in := &workspaces.CreateWorkspacesInput{}
		for _, o := range chunk {
			in.Workspaces = append(in.Workspaces, o.Request.sdk())
		}
		out, err := a.Hands.CreateWorkspaces(ctx, in)
		if err != nil {
			return account.Explain("workspaces:CreateWorkspaces", err)
		}
		for _, w := range out.PendingRequests {
			if o := outcomeOf(chunk, w.DirectoryId, w.UserName); o != nil {
				o.New, o.State = aws.ToString(w.WorkspaceId), string(w.State)
			}
		}
		for _, f := range out.FailedRequests {
			if err := a.refusedItem(ctx, chunk, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// refusedItem notes why a desktop was not created. Where the user has one by
// now (an answer that was lost on the way, and the call made again) it is
// taken for the new one.
func (a *Apply) refusedItem(ctx context.Context, chunk []*Outcome, f types.FailedCreateWorkspaceRequest) error {
	if f.WorkspaceRequest == nil {
		return nil
	}
	o := outcomeOf(chunk, f.WorkspaceRequest.DirectoryId, f.WorkspaceRequest.UserName)
	if o == nil {
		return nil
	}
	out, err := a.Hands.DescribeWorkspaces(ctx, &workspaces.DescribeWorkspacesInput{
		DirectoryId: &o.Request.Directory, UserName: &o.Request.User,
	})
	if err != nil {
		return account.Explain("workspaces:DescribeWorkspaces", err)
	}
	for _, w := range out.Workspaces {
		if id := aws.ToString(w.WorkspaceId); id != o.Old && w.State != types.WorkspaceStateTerminated {
			o.New, o.State = id, string(w.State)
			return nil
		}
	}
	o.Code, o.Message = aws.ToString(f.ErrorCode), aws.ToString(f.ErrorMessage)
	return nil
}

func outcomeOf(chunk []*Outcome, directory, user *string) *Outcome {
	for _, o := range chunk {
		if target(o.Request.Directory, o.Request.User) == target(aws.ToString(directory), aws.ToString(user)) {
			return o
		}
	}
	return nil
}

// wait watches the new desktops until each is AVAILABLE or will not be, and
// checks that they are what was asked for.
func (a *Apply) wait(ctx context.Context, outcomes []Outcome) error {
	byID := map[string]*Outcome{}
	var ids []string
	for i := range outcomes {
		if o := &outcomes[i]; o.New != "" {
			byID[o.New] = o
			ids = append(ids, o.New)
		}
	}
	return a.watch(ctx, "create", func() (done, of int, err error) {
		now, err := account.DesktopsByID(ctx, a.Hands, ids)
		if err != nil {
			return 0, len(ids), err
		}
		for _, w := range now {
			if o := byID[aws.ToString(w.WorkspaceId)]; o != nil {
				o.see(w)
			}
		}
		for _, o := range byID {
			if o.settled() {
				done++
			}
		}
		return done, len(ids), nil
	})
}

func (o *Outcome) settled() bool {
	return o.Good || o.Code != "" || o.State == string(types.WorkspaceStateError)
}

// see takes what DescribeWorkspaces shows of a new desktop.
func (o *Outcome) see(w types.Workspace) {
	o.State = string(w.State)
	switch w.State {
	case types.WorkspaceStateError:
		o.Code, o.Message = aws.ToString(w.ErrorCode), aws.ToString(w.ErrorMessage)
	case types.WorkspaceStateAvailable, types.WorkspaceStateStopped:
		got := desktopOf(w).Request
		if got.Bundle != o.Request.Bundle || o.Request.RunningMode != "" && got.RunningMode != o.Request.RunningMode {
			o.Code, o.Message = "NotAsAsked", fmt.Sprintf("bundle %s, %s", got.Bundle, got.RunningMode)
			return
		}
		o.Good = true
	default: // still on its way
	}
}

// watch asks until all is done, more and more seldom.
func (a *Apply) watch(ctx context.Context, phase string, look func() (done, of int, err error)) error {
	const first, longest = 200 * time.Millisecond, 10 * time.Second
	began := a.Clock.Now()
	for pause := first; ; pause = min(pause*3/2, longest) {
		done, of, err := look()
		if err != nil {
			return err
		}
		a.Progress(Step{Phase: phase, Done: done, Of: of, Took: a.Clock.Now().Sub(a.began)})
		if done == of {
			return nil
		}
		if a.Clock.Now().Sub(began) > a.Timeout {
			return fmt.Errorf("%s: %d of %d after %s: %w", phase, done, of, a.Timeout, ErrTimeout)
		}
		if err := account.Pause(ctx, pause); err != nil {
			return err
		}
	}
}

// sdk is the request as CreateWorkspaces takes it.
func (q Request) sdk() types.WorkspaceRequest {
	r := types.WorkspaceRequest{
		DirectoryId: aws.String(q.Directory), UserName: aws.String(q.User), BundleId: aws.String(q.Bundle),
		WorkspaceProperties: &types.WorkspaceProperties{
			RunningMode: types.RunningMode(q.RunningMode), ComputeTypeName: types.Compute(q.ComputeType),
		},
	}
	if q.AutoStopMinutes > 0 {
		r.WorkspaceProperties.RunningModeAutoStopTimeoutInMinutes = aws.Int32(q.AutoStopMinutes)
	}
	if q.RootGiB > 0 && q.UserGiB > 0 {
		r.WorkspaceProperties.RootVolumeSizeGib, r.WorkspaceProperties.UserVolumeSizeGib = aws.Int32(q.RootGiB), aws.Int32(q.UserGiB)
	}
	for _, p := range q.Protocols {
		r.WorkspaceProperties.Protocols = append(r.WorkspaceProperties.Protocols, types.Protocol(p))
	}
	if q.Key != "" {
		r.VolumeEncryptionKey = aws.String(q.Key)
		r.RootVolumeEncryptionEnabled, r.UserVolumeEncryptionEnabled = aws.Bool(q.EncryptRoot), aws.Bool(q.EncryptUser)
	}
	if q.Name != "" {
		r.WorkspaceName = aws.String(q.Name)
	}
	for k, v := range q.Tags {
		r.Tags = append(r.Tags, types.Tag{Key: aws.String(k), Value: aws.String(v)})
	}
	return r
}
