package agent

import (
	"context"
	"fmt"
	"io"
	"time"
)

// plugin runs one step. It returns when all that it began has ended, soon
// after ctx ends; the cause of that end is errCancelled, errStopped or
// errTimeout.
type plugin func(ctx context.Context, a *agent, t *task) outcome

// pluginOf is the table of what this agent can run. It is a switch, not a
// variable, because aws:runDocument runs documents that look into it again.
func pluginOf(name string) plugin {
	switch name {
	case "aws:runShellScript", "aws:runPowerShellScript":
		return runScript
	case "aws:configureDocker":
		return configureDocker
	case "aws:configurePackage":
		return configurePackage
	case "aws:downloadContent":
		return downloadContent
	case "aws:runDockerAction":
		return runDockerAction
	case "aws:softwareInventory":
		return gatherInventory
	case "aws:runDocument":
		return runNested
	case "aws:updateSsmAgent":
		return updateAgent
	case "aws:refreshAssociation":
		return runRefresh
	}
	return nil
}

// elsewhere are the plugins that agents know, but not on Linux (nodes.md 7).
var elsewhere = map[string]bool{
	"aws:applications": true, "aws:cloudWatch": true, "aws:configureDaemon": true,
	"aws:domainJoin": true, "aws:psModule": true, "aws:updateAgent": true,
}

// task is one step as its plugin gets it.
type task struct {
	Job    string         // the job's id; of an association's run, what its runner calls it
	Step   string         // the step's name, in schema 1.2 the plugin's
	Plugin string         // aws:...
	Inputs map[string]any // parameters are filled in
	Env    []string       // NAME=value of parameters with the interpolation type ENV_VAR
	// Folder is where the steps of a document work together; it outlives a
	// restart that a step asked for.
	Folder string
	Depth  int // how many documents have led here by aws:runDocument
	// Stdout and Stderr take all that the step writes, besides what its
	// outcome keeps; nil drops it.
	Stdout, Stderr io.Writer

	// ended are the steps of the document that this step ran before a restart.
	ended map[string]outcome
}

// text is an input that is one text.
func (t *task) text(name string) string {
	switch v := t.Inputs[name].(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return written(v)
	}
}

// restart is what a step needs before it can run again.
type restart string

const (
	restartNothing restart = ""
	restartMachine restart = "machine" // exit code 194
	restartAgent   restart = "agent"   // a new version of it is in place
)

// outcome is how a step went.
type outcome struct {
	Status         string
	Code           int
	Stdout, Stderr string
	Began, Ended   time.Time
	// Again is set when the step must run once more, after a restart.
	Again restart `json:",omitempty"`
	// Inner are the steps of a document that the step ran.
	Inner map[string]outcome `json:",omitempty"`
}

// succeeded and failedWith are outcomes of plugins that run no process.
func succeeded(format string, args ...any) outcome {
	return outcome{Status: statusSuccess, Stdout: fmt.Sprintf(format, args...)}
}

func failedWith(format string, args ...any) outcome {
	return outcome{Status: statusFailed, Code: 1, Stderr: fmt.Sprintf(format, args...)}
}

// interrupted is the outcome of a step whose ctx ended.
func interrupted(cause error) outcome {
	var out outcome
	out.end(cause)
	return out
}
