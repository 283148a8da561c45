package share

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/report"
)

// smb is the port of file shares (IANA, microsoft-ds).
const smb = 445

// Verdict is what a fact means for the share.
type Verdict string

// The verdicts.
const (
	Good    Verdict = "good"
	Bad     Verdict = "bad"
	Unknown Verdict = "unknown"
	Untried Verdict = "untried" // what comes before is bad
)

// Finding is one fact on the way to the share.
type Finding struct {
	Fact     string      `json:"fact"` // dns, name, port, credentials, script
	Verdict  Verdict     `json:"verdict"`
	Evidence report.Line `json:"evidence"`
	Next     string      `json:"next,omitempty"` // a command
}

// Plan is the diagnosis of one desktop.
type Plan struct {
	Desktop  string         `json:"desktop"`
	User     string         `json:"user"`
	Host     string         `json:"host"`
	Expected []string       `json:"expectedDns,omitempty"`
	Node     *probe.Node    `json:"node,omitempty"`
	Reach    *probe.Reach   `json:"reach,omitempty"`
	Account  *Account       `json:"account,omitempty"` // nil where the directory did not tell
	Findings []Finding      `json:"findings,omitempty"`
	Unprobed *report.Line   `json:"unprobed,omitempty"`
	Scripts  []probe.Script `json:"logonScripts,omitempty"`
	// Unanswered is why the directory did not tell.
	Unanswered *account.Problem `json:"unanswered,omitempty"`
}

// Account is that of the desktop's user, by which a server of the domain knows
// them. Nothing that AWS answers tells of its password, nor whether it is locked.
type Account struct {
	Directory string `json:"directory"`
	Present   bool   `json:"present"`
	Enabled   *bool  `json:"enabled,omitempty"` // nil where the endpoint does not say
}

// Bad tells whether something stands in the way, or nobody can tell.
func (p *Plan) Bad() bool {
	return p.Unprobed != nil || slices.ContainsFunc(p.Findings, func(f Finding) bool { return f.Verdict == Bad })
}

// hostOf is the server of a path, which may be written \\server\share, //server/share
// or as a server alone.
func hostOf(path string) string {
	path = strings.TrimLeft(strings.ReplaceAll(path, `\`, "/"), "/")
	server, _, _ := strings.Cut(path, "/")
	return server
}

// eyes are the reads of the diagnosis.
type eyes struct {
	nodes  probe.Nodes
	people account.People
}

// look asks one desktop, and its directory about its user.
func (e eyes) look(ctx context.Context, d types.Workspace, host string, expected []string, pack probe.Pack) (*Plan, error) {
	p := &Plan{Desktop: aws.ToString(d.WorkspaceId), User: aws.ToString(d.UserName), Host: host, Expected: expected}
	n, s, why, err := probe.Ask(ctx, e.nodes, d, pack)
	if err != nil {
		return p, err
	}
	if p.Node, p.Unprobed = n, why; why == nil {
		p.Reach, p.Scripts = new(s.Reach()), s.Logon()
	}
	if err := p.account(ctx, e.people, aws.ToString(d.DirectoryId)); err != nil {
		return p, err
	}
	p.judge()
	return p, nil
}

// account asks the directory about the user.
func (p *Plan) account(ctx context.Context, people account.People, directory string) error {
	found, err := account.FindUser(ctx, people, directory, p.User)
	if err != nil {
		if p.Unanswered = account.Explain("ds-data:DescribeUser", err); p.Unanswered.Ends() {
			return p.Unanswered
		}
		return nil
	}
	p.Account = &Account{Directory: directory, Present: found != nil}
	if found != nil {
		p.Account.Enabled = found.Enabled
	}
	return nil
}

func (p *Plan) find(fact string, v Verdict, next string, m report.Message, pairs ...any) {
	p.Findings = append(p.Findings, Finding{fact, v, report.Say(m, pairs...), next})
}

// judge goes the way: who is asked for names, the name, the port, as whom, and what
// gives the share its drive.
func (p *Plan) judge() {
	if p.Reach != nil {
		p.way()
	}
	p.credentials()
	if p.Reach != nil {
		p.drive()
	}
}

// credentials tells what can be known of them without the password.
func (p *Plan) credentials() {
	a, login := p.Account, plan.Shell("tamachi", "diagnose", "login", p.User)
	switch {
	case a == nil || a.Present && a.Enabled == nil:
		p.find("credentials", Unknown, "", text.AccountUnknown, "user", p.User)
	case !a.Present:
		p.find("credentials", Bad, login, text.AccountGone, "user", p.User, "directory", a.Directory)
	case !*a.Enabled:
		p.find("credentials", Bad, login, text.AccountOff, "user", p.User, "directory", a.Directory)
	default:
		p.find("credentials", Good, "", text.AccountOn, "user", p.User, "directory", a.Directory)
	}
}

// drive tells of the logon script, which gives shares their letters; the first that
// is wrong counts.
func (p *Plan) drive() {
	var there []string
	for _, s := range p.Scripts {
		switch s.State {
		case probe.ScriptMissing:
			p.find("script", Bad, plan.Shell("tamachi", "diagnose", "desktop", p.Desktop), text.ScriptMissing, "what", s.What)
			return
		case probe.ScriptFailed:
			p.find("script", Bad, plan.Shell("tamachi", "diagnose", "desktop", p.Desktop), text.ScriptFailed, "what", s.What)
			return
		case probe.ScriptThere:
			there = append(there, s.What)
		}
	}
	if there == nil {
		p.find("script", Unknown, "", text.ScriptNone)
		return
	}
	p.find("script", Good, "", text.ScriptThere, "what", strings.Join(there, ", "))
}

// way goes to the server: who is asked for names, the name, the port.
func (p *Plan) way() {
	_, err := netip.ParseAddr(p.Host)
	literal := err == nil
	p.servers(literal)
	switch {
	case literal:
	case len(p.Reach.Addresses) == 0:
		p.find("name", Bad, "", text.NoAddress, "host", p.Host)
		p.find("port", Untried, "", text.NotTried)
		return
	default:
		p.find("name", Good, "", text.Address, "host", p.Host, "addresses", strings.Join(p.Reach.Addresses, ", "))
	}
	to := p.Host
	if len(p.Reach.Addresses) > 0 {
		to = p.Reach.Addresses[0]
	}
	path := "tamachi diagnose path " + p.Desktop + " to " + to + ":445"
	switch p.Reach.Port {
	case "open":
		p.find("port", Good, "", text.PortOpen, "host", to)
	case "silent":
		p.find("port", Bad, path, text.PortSilent, "host", to)
	case "refused":
		p.find("port", Bad, path, text.PortRefused, "host", to)
	default:
		p.find("port", Unknown, "", text.NotTried)
	}
}

// servers compares the DNS servers with those of the directory, in any order.
func (p *Plan) servers(literal bool) {
	have, want := slices.Clone(p.Reach.Servers), slices.Clone(p.Expected)
	slices.Sort(have)
	slices.Sort(want)
	shown, hoped := cmp.Or(strings.Join(have, ", "), "-"), strings.Join(want, ", ")
	switch {
	case len(want) == 0:
		p.find("dns", Unknown, "", text.DNSIs, "have", shown)
	case slices.Equal(slices.Compact(have), slices.Compact(want)):
		p.find("dns", Good, "", text.DNSAsExpected, "have", shown)
	case len(have) == 0 && (literal || len(p.Reach.Addresses) > 0):
		p.find("dns", Unknown, "", text.DNSNone, "want", hoped)
	case len(have) == 0:
		p.find("dns", Bad, "", text.DNSNone, "want", hoped)
	default:
		p.find("dns", Bad, "", text.DNSDiffers, "have", shown, "want", hoped)
	}
}

// expected are the DNS servers of each directory.
func expected(ctx context.Context, api account.DesktopDirectories) (map[string][]string, error) {
	all, err := account.AllDesktopDirectories(ctx, api)
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for _, d := range all {
		out[aws.ToString(d.DirectoryId)] = d.DnsIpAddresses
	}
	return out, nil
}
