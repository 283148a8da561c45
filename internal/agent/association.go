package agent

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"tamachi/internal/schedule"
)

// keeper keeps this node in the states that its associations describe: it
// lists them, runs their documents one after another when they are due, and
// says how that went.
type keeper struct {
	path string
	wake chan struct{}

	mu    sync.Mutex
	asked map[string]bool // guarded by mu; ids to be run now, everything is all
	stale bool            // guarded by mu; the list is to be read anew

	// What follows belongs to keepAssociations.
	list  []bound
	runs  map[string]*ran // by association id; on disk
	begun time.Time
	texts map[string]string // contents of documents by checksum
	last  string            // hash of the compliance that was put last
}

// everything stands for all associations in a refresh.
const everything = "*"

// bound is an association as the plane lists it. Times are epoch seconds.
type bound struct {
	AssociationId, AssociationName, AssociationVersion string
	Checksum, DetailedStatus, DocumentVersion          string
	Name, ScheduleExpression                           string
	ComplianceSeverity, SyncCompliance                 string
	LastExecutionDate                                  *float64
	Parameters                                         map[string][]string
	OutputLocation                                     struct {
		S3Location struct{ OutputS3BucketName, OutputS3KeyPrefix string }
	}
}

// ran is how an association went when it last ran. It is on disk before the
// document runs and before its end is told, so that a restart neither forgets
// a run nor its result.
type ran struct {
	Checksum string
	Document string
	Version  string
	Severity string `json:",omitempty"`
	Manual   bool   `json:",omitempty"` // its compliance is somebody else's word

	Began   time.Time
	Ended   time.Time // zero while it runs
	Status  string    `json:",omitempty"`
	Code    string    `json:",omitempty"`
	Summary string    `json:",omitempty"`
	Output  string    `json:",omitempty"` // URL
	Told    bool      `json:",omitempty"` // the plane has the result
}

// openKeeper reads what is known of earlier runs. A file that is spoiled is let
// be: all that is lost is when they ran, and the plane says that.
func openKeeper(folder string) *keeper {
	k := &keeper{
		path: filepath.Join(folder, "associations.json"), wake: make(chan struct{}, 1),
		asked: map[string]bool{}, stale: true, runs: map[string]*ran{}, texts: map[string]string{},
	}
	if readFile(k.path, &k.runs) != nil || k.runs == nil {
		k.runs = map[string]*ran{}
	}
	return k
}

// ask wants associations to be run now; none means all.
func (k *keeper) ask(ids ...string) {
	k.mu.Lock()
	if len(ids) == 0 {
		ids = []string{everything}
	}
	for _, id := range ids {
		k.asked[id] = true
	}
	k.stale = true
	k.mu.Unlock()
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// taken returns what was asked for since the last call.
func (k *keeper) taken() (asked map[string]bool, stale bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	asked, stale = k.asked, k.stale
	k.asked, k.stale = map[string]bool{}, false
	return asked, stale
}

// keepAssociations lists this node's associations at the start, regularly, and
// when a refresh asks for it, and runs what is due.
func (a *agent) keepAssociations(ctx context.Context) error {
	k := a.keeper
	k.begun = a.cfg.Clock.Now()
	var listed time.Time
	waiting := map[string]bool{}
	for try := 0; ; try++ {
		asked, stale := k.taken()
		for id := range asked {
			waiting[id] = true
		}
		wait := a.cfg.AssociateEvery
		err := error(nil)
		if stale || a.cfg.Clock.Now().Sub(listed) >= a.cfg.AssociateEvery || listed.IsZero() || try > 0 {
			err = a.listAssociations(ctx)
			listed = a.cfg.Clock.Now()
		}
		if err == nil {
			err = a.runDue(ctx, waiting)
			clear(waiting)
		}
		if err == nil {
			err = a.tellRuns(ctx)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			a.log.Warn("associations are tried again", slog.String("node", a.id.Node), slog.Any("err", err))
			wait = min(wait, a.delay(try))
		} else {
			try = -1
			wait = min(wait, k.nextDue(a.cfg.Clock.Now()))
		}
		if err := k.rest(ctx, wait); err != nil {
			return err
		}
	}
}

// rest waits for some time, or until a refresh is asked for.
func (k *keeper) rest(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(max(d, 0))
	defer t.Stop()
	select {
	case <-t.C:
	case <-k.wake:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// runDue runs the associations that are asked for, or due, one after another.
func (a *agent) runDue(ctx context.Context, asked map[string]bool) error {
	for i := range a.keeper.list {
		b := &a.keeper.list[i]
		if !asked[everything] && !asked[b.AssociationId] && !a.keeper.due(b, a.cfg.Clock.Now()) {
			continue
		}
		if err := a.runAssociation(ctx, b); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// due tells whether an association is to run now: the plane released it, the
// schedule says so, or a run of it was cut off.
func (k *keeper) due(b *bound, now time.Time) bool {
	r := k.runs[b.AssociationId]
	if r != nil && r.Ended.IsZero() {
		return true
	}
	if b.DetailedStatus == "Pending" || b.DetailedStatus == "Associated" || b.LastExecutionDate == nil {
		if r == nil || r.Checksum != b.Checksum {
			return true
		}
	}
	at, ok := k.scheduled(b)
	return ok && !at.After(now)
}

// scheduled is when an association is due by its schedule. Times of a cron
// expression that passed while the agent did not run are not made up for.
func (k *keeper) scheduled(b *bound) (time.Time, bool) {
	if b.ScheduleExpression == "" {
		return time.Time{}, false
	}
	plan, err := schedule.Parse(b.ScheduleExpression, time.UTC)
	if err != nil {
		return time.Time{}, false
	}
	var last time.Time
	if b.LastExecutionDate != nil {
		last = time.UnixMilli(int64(*b.LastExecutionDate * 1000))
	}
	if r := k.runs[b.AssociationId]; r != nil && r.Began.After(last) {
		last = r.Began
	}
	if plan.Kind() == schedule.Cron && last.Before(k.begun) {
		last = k.begun
	}
	at := plan.Next(last)
	return at, !at.IsZero()
}

// nextDue is how long nothing is due by a schedule.
func (k *keeper) nextDue(now time.Time) time.Duration {
	wait := 24 * time.Hour
	for i := range k.list {
		if at, ok := k.scheduled(&k.list[i]); ok {
			wait = min(wait, at.Sub(now))
		}
	}
	return max(wait, 0)
}

// runRefresh is the plugin aws:refreshAssociation.
func runRefresh(_ context.Context, a *agent, t *task) outcome {
	ids := []string{}
	for _, id := range lines(t.Inputs["associationIds"]) {
		if id != "" {
			ids = append(ids, id)
		}
	}
	a.keeper.ask(ids...)
	return succeeded("The associations of this node are applied now.\n")
}
