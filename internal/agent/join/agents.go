package join

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Where the agents live.
const (
	amazonConfig = "/etc/amazon/ssm/amazon-ssm-agent.json"
	amazonUnit   = "amazon-ssm-agent"
	amazonVault  = "/var/lib/amazon/ssm/Vault/Store"

	// amazonState has a folder for each id that the host ever had.
	amazonState = "/var/lib/amazon/ssm"

	ownProgram = "/usr/local/lib/tamachi/tamachi"
	ownConfig  = "/etc/tamachi/agent.json"
	ownFolder  = "/var/lib/tamachi/agent"
	ownUnit    = "tamachi-agent"
	ownLog     = "/var/log/tamachi-agent.log"
)

// amazonFiles are what amazon-ssm-agent keeps of a registration. It shares the
// node's credentials with root (Profile.ShareCreds of its configuration).
var amazonFiles = []string{
	amazonVault + "/RegistrationKey", amazonVault + "/InstanceFingerprint", amazonState + "/Vault/Manifest",
	amazonState + "/registration", amazonState + "/runtimeconfig/identity_config.json", "/root/.aws/credentials",
}

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
	_, err := h.amazonIdentity()
	registered := !errors.Is(err, errUnregistered)
	switch {
	case wanted == Amazon && !installed:
		return "", errors.New("amazon-ssm-agent is not installed on this host; install it, or let --agent out for our own")
	case wanted == Amazon && registered:
		return "", errors.New("this host's amazon-ssm-agent is registered elsewhere; use --agent own, or clear it with amazon-ssm-agent -register -clear")
	case wanted != "":
		return wanted, h.alone(wanted)
	case installed && !registered:
		return Amazon, h.alone(Amazon)
	}
	return Own, nil
}

// alone refuses an installed agent that runs without systemd: it would have to
// be started anew, and nobody here knows how it was started.
func (h *Host) alone(kind Kind) error {
	if kind != Amazon || hasSystemd() {
		return nil
	}
	pids, err := running(amazonProgram())
	if err == nil && len(pids) > 0 {
		err = fmt.Errorf("amazon-ssm-agent runs already, as process %s: stop it, and join again", pids[0])
	}
	return err
}

// running are the processes of a program.
func running(program string) (pids []string, err error) {
	links, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		return nil, err
	}
	if program, err = filepath.EvalSymlinks(program); err != nil {
		return nil, err
	}
	for _, link := range links {
		if runs, err := os.Readlink(link); err == nil && runs == program {
			pids = append(pids, filepath.Base(filepath.Dir(link)))
		}
	}
	return pids, nil
}

// setting is what a process was started with in its environment.
func setting(pid, name string) string {
	text, err := os.ReadFile("/proc/" + pid + "/environ")
	if err != nil {
		return ""
	}
	for line := range strings.SplitSeq(string(text), "\x00") {
		if value, ok := strings.CutPrefix(line, name+"="); ok {
			return value
		}
	}
	return ""
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
	if err := h.note(ownProgram); err != nil { // it replaces itself, when it is told to
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
	if err := h.quiet(ctx); err != nil {
		return err
	}
	for _, p := range amazonFiles {
		if err := h.note(p); err != nil {
			return err
		}
	}
	h.record.Registered = true
	if err := h.save(); err != nil {
		return err
	}
	err := run(ctx, amazonProgram(), "-register", "-code", code, "-id", activationID, "-region", p.Region, "-y")
	return err
}
