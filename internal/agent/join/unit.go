package join

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// unit is the name of the agent's unit.
func (h *Host) unit() string {
	switch {
	case h.record.Agent == Own:
		return ownUnit
	case strings.HasPrefix(amazonProgram(), "/snap/"):
		return "snap.amazon-ssm-agent.amazon-ssm-agent"
	}
	return amazonUnit
}

func hasSystemd() bool {
	_, err := os.Stat("/run/systemd/system")
	return err == nil
}

// unitText does not wait for network-online.target: the agent tries until it
// reaches the plane, and on a host with an interface that is never set up that
// target holds the start up for two minutes.
const unitText = `[Unit]
Description=Managed node agent of Tamachi
After=network.target

[Service]
ExecStart=` + ownProgram + ` agent --config ` + ownConfig + `
Restart=always
RestartSec=5
KillMode=process

[Install]
WantedBy=multi-user.target
`

// start runs the agent: by systemd where that runs, else as a process.
func (h *Host) start(ctx context.Context) error {
	if !hasSystemd() {
		return h.detach()
	}
	unit := h.unit()
	if h.record.Agent == Own {
		if err := h.replace("/etc/systemd/system/"+ownUnit+".service", []byte(unitText), 0o644); err != nil {
			return err
		}
		if err := run(ctx, "systemctl", "daemon-reload"); err != nil {
			return err
		}
	}
	h.record.Started = "systemd"
	if err := h.save(); err != nil {
		return err
	}
	if err := run(ctx, "systemctl", "enable", unit); err != nil {
		return err
	}
	err := run(ctx, "systemctl", "restart", unit)
	return err
}

// detach starts the agent as a process of its own, which outlives this one.
func (h *Host) detach() error {
	program, args := ownProgram, []string{"agent", "--config", ownConfig}
	if h.record.Agent == Amazon {
		program, args = amazonProgram(), nil
	}
	if err := h.note(ownLog); err != nil {
		return err
	}
	log, err := os.OpenFile(h.path(ownLog), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	c := exec.Command(program, args...) //nolint:noctx // it outlives this program
	c.Dir, c.Stdout, c.Stderr = "/", log, log
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := c.Start(); err != nil {
		return fmt.Errorf("start %s: %w", program, err)
	}
	h.Say("there is no systemd here: the agent ends with this machine, unless your init runs %s", startLine(h.record.Agent))
	h.record.Started, h.record.PID, h.record.PIDStart = "process", c.Process.Pid, began(c.Process.Pid)
	return errors.Join(h.save(), c.Process.Release())
}

// startLine is how a person, or another init, starts the agent.
func startLine(kind Kind) string {
	if kind == Amazon {
		return amazonProgram()
	}
	return ownProgram + " agent --config " + ownConfig
}

// began is when a process began, in the kernel's ticks; "" when it is gone, or
// has ended and nobody asked how.
func began(pid int) string {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(b), ") ") // the name may hold anything
	fields := strings.Fields(rest)
	if len(fields) < 20 || fields[0] == "Z" {
		return ""
	}
	return fields[19]
}

// running tells whether the agent runs.
func (h *Host) running(ctx context.Context) bool {
	switch h.record.Started {
	case "systemd":
		err := run(ctx, "systemctl", "is-active", "--quiet", h.unit())
		return err == nil
	case "process":
		return h.record.PIDStart != "" && began(h.record.PID) == h.record.PIDStart
	}
	return false
}

// quiet stops an installed agent that runs, since it must not run while it is
// registered, and notes how it was.
// Source: Systems Manager User Guide, "Install SSM Agent on hybrid Linux nodes".
func (h *Host) quiet(ctx context.Context) error {
	if !hasSystemd() {
		return nil
	}
	h.record.WasEnabled = run(ctx, "systemctl", "is-enabled", "--quiet", h.unit()) == nil
	h.record.WasActive = run(ctx, "systemctl", "is-active", "--quiet", h.unit()) == nil
	h.record.Started = "systemd"
	if err := h.save(); err != nil || !h.record.WasActive {
		return err
	}
	err := run(ctx, "systemctl", "stop", h.unit())
	return err
}

// stop ends the agent, and its registration on this side.
func (h *Host) stop(ctx context.Context) error {
	var errs []error
	switch h.record.Started {
	case "systemd":
		verb := []string{"disable", "--now"}
		if h.record.WasEnabled {
			verb = []string{"stop"}
		}
		err := run(ctx, "systemctl", append(verb, h.unit())...)
		errs = append(errs, err)
	case "process":
		errs = append(errs, h.end(ctx))
	}
	if h.record.Registered {
		err := run(ctx, amazonProgram(), "-register", "-clear", "-y")
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// again starts an installed agent that ran before the join, now that its files
// are as they were.
func (h *Host) again(ctx context.Context) error {
	if h.record.Started != "systemd" {
		return nil
	}
	if h.record.WasActive {
		err := run(ctx, "systemctl", "start", h.unit())
		return err
	}
	err := run(ctx, "systemctl", "daemon-reload")
	return err
}

// end ends the process that detach started, and no other that has its number
// by now.
func (h *Host) end(ctx context.Context) error {
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		if !h.running(ctx) {
			return nil
		}
		if err := syscall.Kill(h.record.PID, s); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("end the agent: %w", err)
		}
		for range 100 {
			if !h.running(ctx) {
				return nil
			}
			if err := pause(ctx, 100*time.Millisecond); err != nil {
				return err
			}
		}
	}
	return errors.New("the agent does not end")
}
