package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"tamachi/internal/agent"
	"tamachi/internal/clock"
	"tamachi/internal/desktops/local"
	"tamachi/internal/id"
)

// insideDesktop runs what this binary is inside of a desktop: its first
// process, or its agent. They are no commands for people and are dispatched
// before anything else is set up, so that they stay small.
func insideDesktop(args []string) (code int, inside bool) {
	if len(args) == 0 {
		return 0, false
	}
	switch {
	case args[0] == "desktop-init":
		return local.InitMain(args[1:]), true
	case args[0] == "agent" && len(args) == 3 && args[1] == "--config":
		return report(runAgent(args[2])), true
	}
	return 0, false
}

// runAgent runs our own agent with the configuration that the provider of
// desktops wrote.
func runAgent(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the agent's configuration: %w", err)
	}
	var c struct {
		local.AgentConfig
		Reboot bool `json:"reboot"` // whether scripts may have the machine restarted
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return fmt.Errorf("read the agent's configuration: %w", err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	var reboot func(context.Context) error
	if c.Reboot {
		reboot = func(ctx context.Context) error { return exec.CommandContext(ctx, "systemctl", "reboot").Run() }
	}
	err = agent.Run(ctx, agent.Config{
		Reboot:  reboot,
		Program: program,
		Region:  c.Region, Domain: c.Domain, Port: c.Port, CA: []byte(c.CA),
		ActivationID: c.ActivationID, ActivationCode: c.ActivationCode, Folder: c.Folder,
		Clock: clock.Real{}, IDs: id.Random(), Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	})
	if errors.Is(err, agent.ErrRestart) {
		// Another version is in the file's place now.
		return fmt.Errorf("start the new agent: %w", syscall.Exec(program, os.Args, os.Environ()))
	}
	return err
}
