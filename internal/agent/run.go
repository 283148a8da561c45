package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// run is a document on its way through its steps.
type run struct {
	Job   string
	Steps []step
	// Folder is where its steps work together; empty means one that goes with
	// the run.
	Folder string
	Depth  int
	// Ended are the steps that ended before a restart: they are not run again.
	Ended map[string]outcome

	// report is told of each step that has ended, with all of them; it may be
	// nil.
	report func(ctx context.Context, key string, all map[string]outcome)
	// output gives the writers that take all of a step's output; it may be
	// nil, and so may what it gives. done is called when the step has ended.
	output func(s step) (stdout, stderr io.Writer, done func())
}

// result is how a document went. With Again it is not over: the run goes on,
// with the steps that it has, after that restart.
type result struct {
	Status string
	Steps  map[string]outcome
	Again  restart
}

// Exit codes that a script uses to end the whole document, and to have the
// machine restarted. Sources: User Guide, "Handling reboots when running
// scripts"; "Managing exit codes in Run Command commands".
const (
	exitRestart     = 194
	exitWithSuccess = 168
	exitWithFailure = 169
)

// runDocument runs the steps of a document in their order. It is the one way to
// do so: for commands, for associations and for aws:runDocument. compile makes
// the steps.
func (a *agent) runDocument(ctx context.Context, r *run) result {
	out := result{Status: statusSuccess, Steps: map[string]outcome{}}
	if r.Folder == "" {
		folder, err := os.MkdirTemp(a.jobs.folder, "run-")
		if err != nil {
			return result{Status: statusFailed, Steps: map[string]outcome{}}
		}
		defer os.RemoveAll(folder)
		r.Folder = folder
	}
	leave := false
	for i, s := range r.Steps {
		if cause := context.Cause(ctx); cause != nil {
			if len(out.Steps) == 0 && !errors.Is(cause, errCancelled) {
				out.Steps[s.Key] = interrupted(cause) // so that it is said somewhere
			}
			break
		}
		one, ended := r.Ended[s.Key]
		if ended = ended && one.Again == restartNothing; !ended {
			one = a.runStep(ctx, r, s, leave && !(s.Last && i == len(r.Steps)-1))
		}
		if one.Again != restartNothing {
			out.Again, out.Steps[s.Key] = one.Again, one // with what its own document has done
			return out
		}
		leave = s.settle(&one) || leave
		out.Steps[s.Key] = one
		if !ended && r.report != nil {
			r.report(ctx, s.Key, out.Steps)
		}
		if one.Status != statusSkipped {
			out.Status = worse(out.Status, one.Status)
		}
	}
	return out
}

// settle turns a step's outcome into what the document makes of it, and tells
// whether the steps after it are left out. The wording is the SSM Agent's.
func (s step) settle(o *outcome) (leave bool) {
	switch {
	case o.Status == statusSkipped:
		return false
	case o.Code == exitWithSuccess && o.Status == statusFailed:
		o.Status, o.Stderr = statusSuccess, ""
		o.Stdout += "\nStep exited with code 168. Therefore, marking step as succeeded. Further document steps will be skipped."
	case o.Code == exitWithFailure:
		const why = "\nStep exited with code 169. Therefore, marking step as Failed. Further document steps will be skipped."
		o.Stdout, o.Stderr = o.Stdout+why, o.Stderr+why
	case o.Status == statusFailed && (s.OnFailed == "exit" || s.OnFailed == "successAndExit"):
		const why = "\nStep was found to have onFailure property. Further document steps will be skipped."
		o.Stdout, o.Stderr = o.Stdout+why, o.Stderr+why
		if s.OnFailed == "successAndExit" {
			o.Status, o.Code = statusSuccess, exitWithSuccess
		}
	case o.Status == statusSuccess && s.OnDone == "exit":
	default:
		return o.Code == exitWithSuccess // settled before a restart
	}
	return true
}

// runStep runs one step, or says why it is left out or fails.
func (a *agent) runStep(ctx context.Context, r *run, s step, left bool) outcome {
	began := a.cfg.Clock.Now()
	out, decided := s.decide(left)
	if !decided {
		out = a.runPlugin(ctx, r, s)
	}
	out.Began, out.Ended = began, a.cfg.Clock.Now()
	return out
}

// decide says what becomes of a step that is not run. Source: the wording and
// the order of the questions are the SSM Agent's.
func (s step) decide(left bool) (outcome, bool) {
	skipped := func(format string, args ...any) (outcome, bool) {
		return outcome{Status: statusSkipped, Stdout: fmt.Sprintf(format, args...)}, true
	}
	failed := func(format string, args ...any) (outcome, bool) { return failedWith(format, args...), true }
	known := pluginOf(s.Plugin) != nil
	switch {
	case left:
		return skipped("Plugin with name %s and id %s skipped due to prior step with an exit condition", s.Plugin, s.Key)
	case s.Problem != "":
		return failed("%s", s.Problem)
	case !known && !elsewhere[s.Plugin] && (!s.Portable || s.Unmet == ""):
		return failed("Plugin with name %s is not supported by this version of ssm agent, please update to latest version. Step name: %s", s.Plugin, s.Key)
	case !known && !s.Portable:
		return failed("Plugin with name %s is not supported in current platform. Step name: %s", s.Plugin, s.Key)
	case !known:
		return skipped("Step execution skipped due to unsupported plugin: %s. Step name: %s", s.Plugin, s.Key)
	case s.Conditioned && !s.Portable:
		return failed("Precondition is not supported for document schema version prior to 2.2. Step name: %s", s.Key)
	case s.Unmet != "":
		return skipped("Step execution skipped due to unsatisfied preconditions: '%s'. Step name: %s", s.Unmet, s.Key)
	case s.Unknown != "":
		return failed("Unrecognized precondition(s): '%s', please update agent to latest version. Step name: %s", s.Unknown, s.Key)
	}
	return outcome{}, false
}

func (a *agent) runPlugin(ctx context.Context, r *run, s step) outcome {
	ctx, cancel := context.WithTimeoutCause(ctx, s.Limit, errTimeout)
	defer cancel()
	t := &task{
		Job: r.Job, Step: s.Key, Plugin: s.Plugin, Inputs: s.Inputs, Env: s.Env,
		Folder: r.Folder, Depth: r.Depth, ended: r.Ended[s.Key].Inner,
	}
	if r.output != nil {
		stdout, stderr, done := r.output(s)
		t.Stdout, t.Stderr = stdout, stderr
		if done != nil {
			defer done()
		}
	}
	out := pluginOf(s.Plugin)(ctx, a, t)
	if context.Cause(ctx) != nil && out.Status == "" {
		out.end(context.Cause(ctx))
	}
	return out
}

// downloads is where aws:downloadContent puts what has no other place, and
// where the steps after it look.
func (t *task) downloads() string { return filepath.Join(t.Folder, "downloads") }

// place is a path as a step means it: below the downloads unless absolute.
func (t *task) place(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(t.downloads(), path)
}

// directory is where a step's process runs: what the step says, else what was
// downloaded, else the root.
func (t *task) directory() string {
	if written := strings.TrimSpace(t.text("workingDirectory")); written != "" {
		return t.place(written)
	}
	if info, err := os.Stat(t.downloads()); err == nil && info.IsDir() {
		return t.downloads()
	}
	return "/"
}
