package agent

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"tamachi/internal/clock"
)

const (
	workers = 5
	// mostJobs is how many jobs may be under way or waiting: as many again as
	// there are workers.
	mostJobs = 2 * workers
	// remembered is how long a finished job is known, to refuse it when it is
	// sent again.
	remembered = 30 * time.Minute
)

// jobs is what the agent knows of its jobs, in memory and on disk: a file a
// job, which is there before the job is acknowledged.
type jobs struct {
	folder string
	clock  clock.Clock
	queue  chan *job

	mu      sync.Mutex
	known   map[string]*job // guarded by mu; by job id
	working int             // guarded by mu; accepted and not finished
	waiting int             // guarded by mu; of these, those that wait for a restart
	wanted  restart         // guarded by mu; what they wait for: no job is taken until then
	idle    chan struct{}   // guarded by mu; closed when all that is left waits for the restart
}

// job is one command on this node.
type job struct {
	record
	steps   []step
	content string             // of the order, for a restart in the middle
	ended   map[string]outcome // steps that ended before a restart

	// write orders the writes of this job's file; it guards record after the
	// job was accepted, and is held over that file's I/O only.
	write sync.Mutex

	cancelled bool        // guarded by jobs.mu
	suspended bool        // guarded by jobs.mu; waits for a restart
	stop      func(error) // guarded by jobs.mu; nil until it runs
}

// record is the stored form of a job.
type record struct {
	Job      string
	Topic    string
	Received time.Time
	Steps    []stepKey
	Done     bool
	Replies  []reply `json:",omitempty"` // not acknowledged yet
	// Paused is there while the job waits for a restart that a step asked for.
	Paused *waitingJob `json:",omitempty"`
}

// waitingJob is what a job needs to go on after a restart.
type waitingJob struct {
	Content string             // of the order
	Ended   map[string]outcome `json:",omitempty"`
}

type stepKey struct{ Key, Plugin string }

var (
	errDuplicate = errors.New("the job is known already")
	errBusy      = errors.New("as many jobs as this agent takes are under way")
)

func openJobs(folder string, clk clock.Clock) (*jobs, error) {
	j := &jobs{
		folder: filepath.Join(folder, "jobs"), clock: clk,
		queue: make(chan *job, mostJobs), known: map[string]*job{},
		idle: make(chan struct{}),
	}
	if err := os.MkdirAll(j.folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of jobs: %w", err)
	}
	return j, nil
}

// load reads the jobs of an earlier run. Leftovers of scripts and of writes
// that were cut off are removed.
func (j *jobs) load() ([]*job, error) {
	entries, err := os.ReadDir(j.folder)
	if err != nil {
		return nil, fmt.Errorf("read the folder of jobs: %w", err)
	}
	var found []*job
	for _, e := range entries {
		path := filepath.Join(j.folder, e.Name())
		if strings.HasSuffix(e.Name(), workSuffix) {
			continue
		}
		if !strings.HasSuffix(e.Name(), ".json") {
			if err := os.RemoveAll(path); err != nil {
				return nil, fmt.Errorf("remove a leftover: %w", err)
			}
			continue
		}
		one := &job{}
		if err := readFile(path, &one.record); err != nil || one.Job == "" {
			// Not one of ours, or spoiled: an agent that refused to start
			// over it would answer for no job at all.
			if err := os.RemoveAll(path); err != nil {
				return nil, fmt.Errorf("remove a spoiled job: %w", err)
			}
			continue
		}
		j.known[one.Job] = one
		found = append(found, one)
	}
	return found, j.sweep(entries, found)
}

// sweep removes the work folders of jobs that do not go on.
func (j *jobs) sweep(entries []os.DirEntry, found []*job) error {
	for _, e := range entries {
		path := filepath.Join(j.folder, e.Name())
		needed := func(one *job) bool { return one.Paused != nil && j.workFolder(one.Job) == path }
		if !strings.HasSuffix(e.Name(), workSuffix) || slices.ContainsFunc(found, needed) {
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			return fmt.Errorf("remove a leftover: %w", err)
		}
	}
	return nil
}

const workSuffix = ".work"

// workFolder is where a job's steps work together.
func (j *jobs) workFolder(id string) string {
	return strings.TrimSuffix(j.path(id), ".json") + workSuffix
}

// accept takes a new job: it is on disk when accept returns nil.
func (j *jobs) accept(one *job) error {
	j.forgetOld()
	if err := j.reserve(one); err != nil {
		return err
	}
	one.write.Lock()
	err := writeFile(j.path(one.Job), &one.record)
	one.write.Unlock()
	if err != nil {
		j.release(one.Job)
		return err
	}
	return nil
}

func (j *jobs) reserve(one *job) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.known[one.Job] != nil {
		return errDuplicate
	}
	if j.working >= mostJobs || j.wanted != restartNothing {
		return errBusy
	}
	j.known[one.Job] = one
	j.working++
	return nil
}

func (j *jobs) release(id string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.known, id)
	j.working--
}

// keep adds a reply that must reach the plane to the job's file.
func (j *jobs) keep(one *job, r reply, done bool) error {
	one.write.Lock()
	defer one.write.Unlock()
	one.Replies = append(one.Replies, r)
	if one.Done = one.Done || done; one.Done {
		one.Paused = nil
	}
	return writeFile(j.path(one.Job), &one.record)
}

// settle removes a reply that the plane has.
func (j *jobs) settle(r reply) error {
	j.mu.Lock()
	one := j.known[r.Job]
	j.mu.Unlock()
	if one == nil {
		return nil
	}
	one.write.Lock()
	defer one.write.Unlock()
	for i := range one.Replies {
		if one.Replies[i].ID == r.ID {
			one.Replies = append(one.Replies[:i:i], one.Replies[i+1:]...)
			return writeFile(j.path(one.Job), &one.record)
		}
	}
	return nil
}

// finished frees the job's place.
func (j *jobs) finished() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.working--
	j.ring()
}

// ring tells when all that is left waits for a restart. j.mu is held.
func (j *jobs) ring() {
	if j.wanted == restartNothing || j.working > j.waiting {
		return
	}
	select {
	case <-j.idle:
	default:
		close(j.idle)
	}
}

// suspend keeps a job for the next start: it is on disk when suspend returns
// nil.
func (j *jobs) suspend(one *job, ended map[string]outcome) error {
	one.write.Lock()
	defer one.write.Unlock()
	one.Paused = &waitingJob{Content: one.content, Ended: ended}
	if err := writeFile(j.path(one.Job), &one.record); err != nil {
		one.Paused = nil
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if one.cancelled { // a moment ago
		return errCancelled
	}
	one.ended, one.suspended, one.stop = ended, true, nil
	j.waiting++
	return nil
}

// resume takes a job of an earlier run up again. From now on it is under way:
// should the agent end once more, nobody knows how it went.
func (j *jobs) resume(one *job) error {
	one.content, one.ended, one.Paused = one.Paused.Content, one.Paused.Ended, nil
	if err := writeFile(j.path(one.Job), &one.record); err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.working++
	return nil
}

// stop cancels a job that is waiting or running; nil if there is none. One
// that was suspended is its caller's to end.
func (j *jobs) stop(id string) (stopped *job, suspended bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	one := j.known[id]
	if one == nil || one.steps == nil {
		return nil, false
	}
	one.cancelled = true
	if one.stop != nil {
		one.stop(errCancelled)
	}
	if suspended = one.suspended; suspended {
		one.suspended = false
		j.waiting--
	}
	return one, suspended
}

// begin tells how a job is stopped that runs now. A cancel that came while it
// waited takes effect at once.
func (j *jobs) begin(one *job, stop func(error)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	one.stop = stop
	if one.cancelled {
		stop(errCancelled)
	}
}

// forgetOld removes jobs that ended long ago and have nothing left to say. A
// file that cannot be removed is read, and forgotten, by the next start.
func (j *jobs) forgetOld() {
	for _, id := range j.takeOld(j.clock.Now().Add(-remembered)) {
		_ = os.Remove(j.path(id))
	}
}

func (j *jobs) takeOld(limit time.Time) (ids []string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for id, one := range j.known {
		if !one.Received.Before(limit) || !one.write.TryLock() {
			continue
		}
		if one.Done && len(one.Replies) == 0 {
			delete(j.known, id)
			ids = append(ids, id)
		}
		one.write.Unlock()
	}
	return ids
}

// path names a job's file by a digest, because the id comes from outside.
func (j *jobs) path(id string) string {
	sum := sha256.Sum256([]byte(id))
	return filepath.Join(j.folder, hex.EncodeToString(sum[:16])+".json")
}
