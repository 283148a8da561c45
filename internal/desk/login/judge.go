package login

import (
	"net/netip"
	"slices"
	"strings"

	"tamachi/internal/desk/report"
	"tamachi/internal/desk/spelling"
)

// Verdict is what a fact means for the sign-in.
type Verdict string

// The verdicts. What comes after a failed fact is not tried.
const (
	Good    Verdict = "good"
	Bad     Verdict = "bad"
	Unknown Verdict = "unknown" // it could not be read, or it depends on what was not said
	Untried Verdict = "untried"
)

// Finding is one fact on the way of a sign-in.
type Finding struct {
	Fact     string  `json:"fact"` // one of the steps
	Verdict  Verdict `json:"verdict"`
	Evidence []Line  `json:"evidence,omitempty"`
	Next     []Line  `json:"next,omitempty"` // what to do about it
}

// Way is the sign-in to one desktop, or in one directory where there is none.
type Way struct {
	Directory string    `json:"directory,omitempty"`
	Desktop   string    `json:"desktop,omitempty"`
	Findings  []Finding `json:"findings"`
}

// Plan is the diagnosis. Nothing is applied: each next step is a command.
type Plan struct {
	*Facts
	Ways []Way `json:"ways"`
}

// Line is a sentence with its values.
type Line = report.Line

func say(m report.Message, pairs ...any) Line { return report.Say(m, pairs...) }

// steps are the facts in the order of a sign-in.
var steps = []struct {
	name string
	look func(*Facts, place) Finding
}{
	{"desktop", desktopIsThere},
	{"directory", directoryWorks},
	{"user", userIsThere},
	{"enabled", userIsEnabled},
	{"password", passwordIsSet},
	{"code", codeIsRight},
	{"address", addressMayEnter},
	{"device", deviceMayEnter},
	{"state", desktopTakesPeople},
}

// place is where somebody wants to sign in.
type place struct {
	directory Directory
	desktop   *Desktop
}

// judge goes the way of the sign-in to each desktop of the user.
func judge(f *Facts) *Plan {
	p := &Plan{Facts: f}
	for _, at := range f.places() {
		way := Way{Directory: at.directory.ID}
		if at.desktop != nil {
			way.Desktop = at.desktop.ID
		}
		stopped := false
		for _, step := range steps {
			found := Finding{Verdict: Untried}
			if !stopped {
				found = step.look(f, at)
			}
			found.Fact = step.name
			stopped = stopped || found.Verdict == Bad
			way.Findings = append(way.Findings, found)
		}
		p.Ways = append(p.Ways, way)
	}
	return p
}

// Blocked tells whether no way leads in.
func (p *Plan) Blocked() bool {
	return !slices.ContainsFunc(p.Ways, func(w Way) bool {
		return !slices.ContainsFunc(w.Findings, func(f Finding) bool { return f.Verdict == Bad })
	})
}

// places are the user's desktops; without one the directories that know the
// user; else all.
func (f *Facts) places() []place {
	var withDesktop, withUser, all []place
	for _, d := range f.Directories {
		all = append(all, place{directory: d})
		if u, _ := f.user(d.ID); u.Present {
			withUser = append(withUser, place{directory: d})
		}
		for i := range f.Desktops {
			if f.Desktops[i].Directory == d.ID {
				withDesktop = append(withDesktop, place{d, &f.Desktops[i]})
			}
		}
	}
	for _, some := range [][]place{withDesktop, withUser, all} {
		if len(some) > 0 {
			return some
		}
	}
	return []place{{}}
}

func good(evidence ...Line) Finding { return Finding{Verdict: Good, Evidence: evidence} }

func unknown(evidence ...Line) Finding { return Finding{Verdict: Unknown, Evidence: evidence} }

func bad(next Line, evidence ...Line) Finding {
	return Finding{Verdict: Bad, Evidence: evidence, Next: []Line{next}}
}

// nearest adds who was probably meant.
func (f *Facts) nearest(found Finding) Finding {
	if names := spelling.Near(f.Asked.User, f.Names); len(names) > 0 {
		found.Evidence = append(found.Evidence, say(text.Nearest, "names", strings.Join(names, ", ")))
	}
	return found
}

func desktopIsThere(f *Facts, at place) Finding {
	switch {
	case at.directory.ID == "" && f.Asked.Directory != "":
		return bad(say(text.RegisterNext, "directory", f.Asked.Directory), say(text.NotRegistered, "directory", f.Asked.Directory))
	case at.directory.ID == "":
		return bad(say(text.LookElsewhere), say(text.NoDirectory, "region", f.Region))
	case at.desktop == nil:
		return f.nearest(bad(say(text.CreateDesktop, "directory", at.directory.ID, "user", f.Asked.User),
			say(text.NoDesktop, "user", f.Asked.User, "directory", at.directory.ID)))
	}
	return good(say(text.DesktopIs, "id", at.desktop.ID))
}

func directoryWorks(_ *Facts, at place) Finding {
	d := at.directory
	switch {
	case d.Registration != "REGISTERED":
		return bad(say(text.RegisterNext, "directory", d.ID), say(text.RegistrationIs, "directory", d.ID, "state", d.Registration, "error", d.Error))
	case d.Stage == "":
		return unknown(say(text.StageUnknown, "directory", d.ID))
	case d.Stage != "Active":
		return bad(say(text.MendDirectory, "directory", d.ID), say(text.StageIs, "directory", d.ID, "stage", d.Stage, "reason", d.StageReason))
	}
	return good(say(text.StageIs, "directory", d.ID, "stage", d.Stage, "reason", ""))
}

func userIsThere(f *Facts, at place) Finding {
	u, asked := f.user(at.directory.ID)
	switch {
	case !asked:
		return unknown(say(text.UserUnknown, "directory", at.directory.ID))
	case u.Present:
		return good(say(text.UserIs, "user", f.Asked.User, "directory", at.directory.ID))
	}
	found := bad(say(text.CreateUser, "directory", at.directory.ID, "user", f.Asked.User),
		say(text.NoUser, "user", f.Asked.User, "directory", at.directory.ID))
	if c := f.last(at.directory.ID, "DeleteUser"); c != nil {
		found.Evidence = append(found.Evidence, c.said())
	}
	return f.nearest(found)
}

func userIsEnabled(f *Facts, at place) Finding {
	u, _ := f.user(at.directory.ID)
	if u.Enabled == nil {
		return unknown(say(text.EnabledUnknown))
	}
	if *u.Enabled {
		return good(say(text.Enabled))
	}
	found := bad(say(text.ResetPassword, "directory", at.directory.ID, "user", f.Asked.User), say(text.Disabled))
	switch off, set := f.last(at.directory.ID, "DisableUser"), f.last(at.directory.ID, "ResetUserPassword"); {
	case off != nil:
		found.Evidence = append(found.Evidence, off.said())
	case set == nil && f.last(at.directory.ID, "CreateUser") != nil:
		found.Evidence = append(found.Evidence, f.last(at.directory.ID, "CreateUser").said(), say(text.NeverSet))
	}
	return found
}

// passwordIsSet tells what AWS lets one know: when an administrator set it.
// Whether it expired or the account is locked, no call of AWS answers.
func passwordIsSet(f *Facts, at place) Finding {
	if set := f.last(at.directory.ID, "ResetUserPassword"); set != nil {
		return unknown(set.said(), say(text.AskThem))
	}
	return unknown(say(text.AskThem))
}

func codeIsRight(f *Facts, at place) Finding {
	switch {
	case at.directory.Code == "":
		return unknown(say(text.CodeUnknown, "directory", at.directory.ID))
	case f.Asked.Code == "":
		return good(say(text.CodeIs, "code", at.directory.Code))
	case !strings.EqualFold(strings.TrimSpace(f.Asked.Code), at.directory.Code):
		return bad(say(text.UseCode, "code", at.directory.Code), say(text.CodeWrong, "typed", f.Asked.Code))
	}
	return good(say(text.CodeIs, "code", at.directory.Code))
}

func addressMayEnter(f *Facts, at place) Finding {
	var rules []string
	for _, g := range at.directory.Groups {
		rules = append(rules, g.Rules...)
	}
	if len(at.directory.Groups) == 0 {
		return good(say(text.AnyAddress))
	}
	listed := say(text.OnlyFrom, "rules", strings.Join(rules, ", "))
	client, err := netip.ParseAddr(f.Asked.From)
	if err != nil { // nobody said where the client is
		return unknown(listed, say(text.SayFrom))
	}
	for _, rule := range rules {
		if within(rule, client) {
			return good(say(text.AddressFits, "address", client, "rule", rule))
		}
	}
	return bad(say(text.Authorize, "group", at.directory.Groups[0].ID, "address", client), say(text.AddressRefused, "address", client), listed)
}

func within(rule string, client netip.Addr) bool {
	if network, err := netip.ParsePrefix(rule); err == nil {
		return network.Contains(client.Unmap())
	}
	one, err := netip.ParseAddr(rule)
	return err == nil && one == client.Unmap()
}

func deviceMayEnter(f *Facts, at place) Finding {
	if f.Asked.Device == "" {
		var denied []string
		for _, name := range devices {
			if rule := at.directory.Devices[name]; rule == "DENY" || rule == "TRUST" {
				denied = append(denied, name)
			}
		}
		if len(denied) == 0 {
			return good(say(text.AnyDevice))
		}
		return unknown(say(text.DevicesRefused, "devices", strings.Join(denied, ", ")), say(text.SayDevice))
	}
	switch rule := at.directory.Devices[f.Asked.Device]; rule {
	case "DENY":
		return bad(say(text.AllowDevice, "directory", at.directory.ID), say(text.DeviceRefused, "device", f.Asked.Device))
	case "TRUST":
		return unknown(say(text.DeviceTrusted, "device", f.Asked.Device))
	}
	return good(say(text.DeviceFits, "device", f.Asked.Device))
}

func desktopTakesPeople(_ *Facts, at place) Finding {
	d := at.desktop
	state := say(text.StateIs, "id", d.ID, "state", d.State, "mode", d.RunningMode)
	switch d.State {
	case "AVAILABLE", "IMPAIRED":
		return good(state)
	case "STOPPED":
		if d.RunningMode == "AUTO_STOP" {
			return good(state, say(text.WakesItself))
		}
		return bad(say(text.Start, "id", d.ID), state)
	case "PENDING", "STARTING", "REBOOTING", "REBUILDING", "RESTORING", "STOPPING", "UPDATING":
		return unknown(state, say(text.Wait))
	case "UNHEALTHY":
		return bad(say(text.Reboot, "id", d.ID), state)
	case "ADMIN_MAINTENANCE":
		return bad(say(text.EndMaintenance, "id", d.ID), state)
	case "SUSPENDED", "ERROR", "TERMINATING", "TERMINATED":
		return bad(say(text.SeeMorning), state, say(text.Reason, "error", d.Error))
	}
	return unknown(state)
}

// last is the newest change of a name in a directory, unless a later one undid
// it: an account that was switched off and on again is on.
func (f *Facts) last(directory, name string) *Change {
	i := slices.IndexFunc(f.Changes, func(c Change) bool { return c.Directory == directory && c.Name == name })
	if i < 0 {
		return nil
	}
	return &f.Changes[i]
}

func (c *Change) said() Line {
	return say(text.Changed, "event", c.Name, "time", c.Time.UTC().Format("2006-01-02 15:04Z"), "by", c.By)
}
