// Package guest is what a program of ours is inside of a desktop: its first
// process, its wallpaper, its agent. Two programs are: the product itself, and
// the small one that is embedded in it, which a desktop starts five times and
// which begins ten times as fast.
package guest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"tamachi/internal/agent"
	"tamachi/internal/clock"
	desktop "tamachi/internal/desktops/local/inside"
	"tamachi/internal/id"
)

// Version is the argument with which the small program says which version it is.
const Version = "desktop-version"

// Main runs what this program is inside of a desktop: its first process, or its
// agent. They are no commands for people and are dispatched before anything else
// is set up, so that they stay small.
func Main(args []string) (code int, inside bool) {
	if len(args) == 0 {
		return 0, false
	}
	switch {
	case args[0] == Version:
		fmt.Println(agent.Version)
		return 0, true
	case args[0] == "desktop-init":
		return desktop.Main(args[1:]), true
	case args[0] == "agent" && len(args) == 3 && args[1] == "--config":
		return report(runAgent(args[2])), true
	case args[0] == "agent" && len(args) == 4 && args[1] == "--config" && args[3] == "--try":
		return report(tryAgent(args[2])), true
	}
	return 0, false
}

// report prints an error as one line and returns the exit code.
func report(err error) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, "tamachi:", err)
	return 1
}

// runAgent runs our own agent with the configuration that the provider of
// desktops, or a join, wrote.
func runAgent(path string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c, err := agentConfig(path)
	if err != nil {
		return err
	}
	err = agent.Run(ctx, c)
	if errors.Is(err, agent.ErrRestart) {
		// Another version is in the file's place now.
		return fmt.Errorf("start the new agent: %w", syscall.Exec(c.Program, os.Args, os.Environ()))
	}
	return err
}

// tryAgent is what the running agent has a new version do before it takes its
// place: it prints its version once it was online.
func tryAgent(path string) error {
	ctx, stop := context.WithTimeout(context.Background(), tryTime)
	defer stop()
	c, err := agentConfig(path)
	if err != nil {
		return err
	}
	version, err := agent.Try(ctx, c)
	if err == nil {
		fmt.Println(version)
	}
	return err
}

// tryTime is how long a new version may take to come online when it is tried.
const tryTime = time.Minute

func agentConfig(path string) (agent.Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return agent.Config{}, fmt.Errorf("read the agent's configuration: %w", err)
	}
	var c struct {
		desktop.AgentConfig
		Reboot bool `json:"reboot"` // whether scripts may have the machine restarted
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return agent.Config{}, fmt.Errorf("read the agent's configuration: %w", err)
	}
	program, err := os.Executable()
	if err != nil {
		return agent.Config{}, fmt.Errorf("find this program: %w", err)
	}
	var reboot func(context.Context) error
	if c.Reboot {
		reboot = func(ctx context.Context) error { return exec.CommandContext(ctx, "systemctl", "reboot").Run() }
	}
	return agent.Config{
		Reboot: reboot, Program: program, Try: tryOther(path),
		Region: c.Region, Domain: c.Domain, Port: c.Port, CA: []byte(c.CA),
		ActivationID: c.ActivationID, ActivationCode: c.ActivationCode, Folder: c.Folder,
		Clock: clock.Real{}, IDs: id.Random(), Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	}, nil
}

// tryOther runs another program as the agent of this configuration.
func tryOther(path string) func(context.Context, string) (string, error) {
	return func(ctx context.Context, program string) (string, error) {
		ctx, cancel := context.WithTimeout(ctx, 2*tryTime)
		defer cancel()
		var complaint strings.Builder
		c := exec.CommandContext(ctx, program, "agent", "--config", path, "--try")
		c.Stderr = &complaint
		out, err := c.Output()
		if err != nil {
			lines := strings.Split(strings.TrimSpace(complaint.String()), "\n")
			err = fmt.Errorf("%w: %s", err, lines[len(lines)-1])
		}
		return strings.TrimSpace(string(out)), err
	}
}
