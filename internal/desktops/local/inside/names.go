package inside

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/image"
)

var (
	// idForm is the form of a desktop's id (AWS, WorkSpaces API: WorkspaceId).
	idForm     = regexp.MustCompile(`^ws-[0-9a-z]{8,63}$`)
	domainForm = regexp.MustCompile(`^[0-9A-Za-z]([0-9A-Za-z.-]{0,200}[0-9A-Za-z])?$`)
	hostForm   = regexp.MustCompile(`^[0-9A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?$`)
	loginForm  = regexp.MustCompile(`^[a-z_][0-9a-z_.-]{0,31}$`)
)

// IsID tells whether this can be the id of a desktop.
func IsID(id string) bool { return idForm.MatchString(id) }

// Check refuses a spec that cannot become a desktop.
func Check(s desktops.Spec) error {
	switch {
	case !idForm.MatchString(s.ID):
		return fmt.Errorf("%q is no id of a desktop", s.ID)
	case s.CPUs < 0.05 || s.CPUs > 1024:
		return fmt.Errorf("%g is no number of CPUs for a desktop", s.CPUs)
	case s.MemoryMiB < 64 || s.MemoryMiB > 16<<20:
		return fmt.Errorf("%d MiB is no memory for a desktop", s.MemoryMiB)
	}
	for _, part := range []string{s.Node.Region, s.Node.Domain} {
		if part != "" && !domainForm.MatchString(part) {
			return fmt.Errorf("%q is no Region or domain", part)
		}
	}
	return nil
}

// HostName is the computer's name, or the id where that is no host name.
func HostName(s desktops.Spec) string {
	if hostForm.MatchString(s.ComputerName) {
		return s.ComputerName
	}
	return strings.ToLower(s.ID)[:min(len(s.ID), 63)]
}

// system are names of accounts that an image has already.
var system = []string{
	"root", "daemon", "bin", "sys", "sync", "games", "man", "lp", "mail", "news", "uucp", "proxy",
	"www-data", "backup", "list", "irc", "gnats", "nobody", "_apt", "messagebus", "sshd", "ssm-user",
}

// Login makes the name of the account inside from the person's.
func Login(s desktops.Spec) string {
	name := strings.ToLower(s.UserName)
	if i := strings.LastIndexByte(name, '\\'); i >= 0 { // DOMAIN\name
		name = name[i+1:]
	}
	name, _, _ = strings.Cut(name, "@")
	if !loginForm.MatchString(name) || slices.Contains(system, name) {
		return "user"
	}
	return name
}

// serviceHosts are the services of the plane that a desktop finds by name.
var serviceHosts = []string{"ssm", "ssmmessages", "ec2messages", "logs", "kms", "monitoring", "s3"}

// HostLines are the lines of /etc/hosts that lead to the plane: to its services,
// and to the desktop's directory.
func HostLines(n desktops.Node, plane string) []string {
	if n.Region == "" || n.Domain == "" {
		return nil
	}
	var out []string
	for _, service := range serviceHosts {
		out = append(out, plane+" "+service+"."+n.Region+"."+n.Domain)
	}
	for _, name := range n.Directory {
		if domainForm.MatchString(name) {
			out = append(out, plane+" "+name)
		}
	}
	return out
}

// AgentFile is the agent's configuration, in its folder image.Identity.
const AgentFile = "config.json"

// AgentCommand are the arguments with which our binary is the desktop's agent.
func AgentCommand() []string { return []string{"agent", "--config", image.Identity + "/" + AgentFile} }

// AgentConfig is what AgentFile holds; its folder is outside the root volume,
// so it and the identity outlive rebuilds.
type AgentConfig struct {
	Region         string `json:"region"`
	Domain         string `json:"domain"`
	Port           int    `json:"port"`
	CA             string `json:"ca"` // PEM
	ActivationID   string `json:"activation_id"`
	ActivationCode string `json:"activation_code"` // secret, used once
	Folder         string `json:"folder"`          // where the agent keeps what is its own
}

// AgentConfigOf is what the agent of a desktop needs to know.
func AgentConfigOf(n desktops.Node) AgentConfig {
	return AgentConfig{
		Region: n.Region, Domain: n.Domain, Port: n.Port, CA: string(n.CA),
		ActivationID: n.ActivationID, ActivationCode: n.ActivationCode, Folder: image.Identity,
	}
}
