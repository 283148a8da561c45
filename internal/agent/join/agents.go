package join

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Where the agents live.
const (
	amazonConfig = "/etc/amazon/ssm/amazon-ssm-agent.json"
	amazonUnit   = "amazon-ssm-agent"
	amazonVault  = "/var/lib/amazon/ssm/Vault/Store"

	ownProgram = "/usr/local/lib/tamachi/tamachi"
	ownConfig  = "/etc/tamachi/agent.json"
	ownFolder  = "/var/lib/tamachi/agent"
	ownUnit    = "tamachi-agent"
	ownLog     = "/var/log/tamachi-agent.log"
)

// amazonProgram finds an installed amazon-ssm-agent.
func amazonProgram() string {
	for _, p := range []string{"/usr/bin/amazon-ssm-agent", "/snap/amazon-ssm-agent/current/amazon-ssm-agent"} {
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	return ""
}

// choose is the agent that this host shall run.
func (h *Host) choose(wanted Kind) (Kind, error) {
	installed := amazonProgram() != ""
	registered := h.exists(amazonVault + "/RegistrationKey")
	switch {
	case wanted == Amazon && !installed:
		return "", errors.New("amazon-ssm-agent is not installed on this host; install it, or let --agent out for our own")
	case wanted == Amazon && registered:
		return "", errors.New("this host's amazon-ssm-agent is registered elsewhere; use --agent own, or clear it with amazon-ssm-agent -register -clear")
	case wanted != "":
		return wanted, nil
	case installed && !registered:
		return Amazon, nil
	}
	return Own, nil
}

// configure writes the agent's configuration; of our own agent, its program
// too.
func (h *Host) configure(p *Plane, activationID, code string) error {
	if h.record.Agent == Amazon {
		was, err := os.ReadFile(h.path(amazonConfig))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		text, err := amazonJSON(was, p)
		if err != nil {
			return err
		}
		return h.replace(amazonConfig, text, 0o600)
	}
	if err := h.install(); err != nil {
		return err
	}
	if err := h.folder(filepath.Dir(ownFolder)); err != nil {
		return err
	}
	text, err := ownJSON(p, activationID, code)
	if err != nil {
		return err
	}
	return h.replace(ownConfig, text, 0o600)
}

// amazonJSON adds the service domain to a configuration of amazon-ssm-agent.
func amazonJSON(was []byte, p *Plane) ([]byte, error) {
	all := map[string]any{}
	if len(was) > 0 {
		if err := json.Unmarshal(was, &all); err != nil {
			return nil, fmt.Errorf("read %s: %w", amazonConfig, err)
		}
	}
	section, _ := all["Agent"].(map[string]any)
	if section == nil {
		section = map[string]any{}
	}
	section["ServiceDomain"], section["Region"] = p.serviceDomain(), p.Region
	all["Agent"] = section
	return json.MarshalIndent(all, "", "    ")
}

// ownJSON is the configuration that `tamachi agent` reads.
func ownJSON(p *Plane, activationID, code string) ([]byte, error) {
	return json.MarshalIndent(map[string]any{
		"region": p.Region, "domain": p.Domain, "port": p.Port, "ca": string(p.CA),
		"activation_id": activationID, "activation_code": code, "folder": ownFolder,
		// A script that ends with 194 has the machine restarted, where that can be asked for.
		"reboot": hasSystemd(),
	}, "", "  ")
}

// install copies this program to where it may stay.
func (h *Host) install() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if h.exists(ownProgram) {
		return nil
	}
	if err := h.folder(filepath.Dir(ownProgram)); err != nil {
		return err
	}
	h.record.Changes = append(h.record.Changes, change{Path: ownProgram})
	if err := h.save(); err != nil {
		return err
	}
	text, err := os.ReadFile(self)
	if err != nil {
		return err
	}
	return writeFile(h.path(ownProgram), text, 0o755)
}

// register makes the node known; our own agent does it by itself at its start.
func (h *Host) register(ctx context.Context, p *Plane, activationID, code string) error {
	if h.record.Agent == Own {
		return nil
	}
	err := run(ctx, amazonProgram(), "-register", "-code", code, "-id", activationID, "-region", p.Region, "-y")
	if err == nil {
		h.record.Registered = true
		err = h.save()
	}
	return err
}

func hasSystemd() bool {
	_, err := os.Stat("/run/systemd/system")
	return err == nil
}

const unitText = `[Unit]
Description=Managed node agent of Tamachi
After=network-online.target
Wants=network-online.target

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
	unit := amazonUnit
	if h.record.Agent == Own {
		unit = ownUnit
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
	if err := h.replace(ownLog, nil, 0o600); err != nil {
		return err
	}
	log, err := os.OpenFile(h.path(ownLog), os.O_WRONLY|os.O_APPEND, 0)
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
	h.record.Started, h.record.PID, h.record.PIDStart = "process", c.Process.Pid, began(c.Process.Pid)
	return errors.Join(h.save(), c.Process.Release())
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
		unit := amazonUnit
		if h.record.Agent == Own {
			unit = ownUnit
		}
		err := run(ctx, "systemctl", "is-active", "--quiet", unit)
		return err == nil
	case "process":
		return h.record.PIDStart != "" && began(h.record.PID) == h.record.PIDStart
	}
	return false
}

// stop ends the agent, and its registration on this side.
func (h *Host) stop(ctx context.Context) error {
	var errs []error
	switch h.record.Started {
	case "systemd":
		unit := amazonUnit
		if h.record.Agent == Own {
			unit = ownUnit
		}
		err := run(ctx, "systemctl", "disable", "--now", unit)
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
