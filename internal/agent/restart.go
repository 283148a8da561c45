package agent

import (
	"context"
	"errors"
	"log/slog"
)

// ErrRestart is what Run returns when a new version of the agent is in place:
// who called it starts the program anew.
var ErrRestart = errors.New("agent: a new version waits for its start")

// askRestart notes that a job waits for a restart. No other job is taken from
// now on, and those under way come to their end first.
func (a *agent) askRestart(what restart) {
	j := a.jobs
	j.mu.Lock()
	defer j.mu.Unlock()
	if what == restartMachine && a.cfg.Reboot == nil {
		a.log.Warn("a command waits for a restart of this machine, which is left to people", slog.String("node", a.id.Node))
		return
	}
	if j.wanted != restartMachine { // which restarts the agent too
		j.wanted = what
	}
	j.ring()
}

// keepRestart brings a restart about once nothing else is under way. When it
// cannot, work goes on, and the job waits for people.
func (a *agent) keepRestart(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-a.jobs.calm():
		}
		if a.jobs.wants() == restartAgent {
			return ErrRestart
		}
		a.log.Info("this machine is restarted, as a command asked", slog.String("node", a.id.Node))
		if err := a.cfg.Reboot(ctx); err != nil {
			a.log.Error("this machine cannot be restarted", slog.String("node", a.id.Node), slog.Any("err", err))
			a.jobs.goOn()
			continue
		}
		<-ctx.Done()
		return ctx.Err()
	}
}

func (j *jobs) calm() <-chan struct{} {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.idle
}

func (j *jobs) wants() restart {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.wanted
}

// goOn lets jobs be taken again.
func (j *jobs) goOn() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.wanted, j.idle = restartNothing, make(chan struct{})
}

// resume takes up a job that waited for this start; false when it did not.
func (a *agent) resume(one *job) bool {
	if one.Paused == nil {
		return false
	}
	steps, err := readOrder(one.Paused.Content)
	if err != nil {
		return false // it was read before: another version of the agent
	}
	one.steps = steps
	if err := a.jobs.resume(one); err != nil {
		a.log.Error("job cannot be taken up again", slog.String("node", a.id.Node), slog.Any("err", err))
		return false
	}
	a.jobs.queue <- one // has room: no more jobs were taken than it holds
	return true
}
