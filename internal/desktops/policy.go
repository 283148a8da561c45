package desktops

import (
	"cmp"
	"slices"
	"strings"
)

// Policy is a rule for the desktops of some people of a directory.
type Policy struct {
	ID       string
	Name     string
	Scope    PolicyScope
	Target   string // of OU a distinguished name, of GROUP and USER a name
	Priority int    // among policies of one scope the lowest decides
	Disabled bool
	Settings map[string][]string // by name of a setting
}

// PolicyScope says whom a policy is for.
type PolicyScope string

// The scopes, from the widest to the narrowest. The narrowest decides.
const (
	ScopeDirectory PolicyScope = "DIRECTORY"
	ScopeOU        PolicyScope = "OU"
	ScopeGroup     PolicyScope = "GROUP"
	ScopeUser      PolicyScope = "USER"
)

// The settings of policies.
const (
	SettingWallpaper    = "Wallpaper"       // a picture, or Unmanaged: the user's own
	SettingPrinting     = "Printing"        // ENABLED or DISABLED
	SettingClipboardIn  = "ClipboardIn"     // ENABLED or DISABLED, from the browser to the desktop
	SettingClipboardOut = "ClipboardOut"    // the same, from the desktop to the browser
	SettingSound        = "Sound"           // ENABLED or DISABLED, from the desktop to the browser
	SettingMicrophone   = "Microphone"      // ENABLED or DISABLED, from the browser to the desktop
	SettingLogonScript  = "LogonScript"     // a path
	SettingSoftware     = "AllowedSoftware" // names of programs
)

// PolicySettings are the names of all settings, in order.
func PolicySettings() []string {
	return []string{SettingSoftware, SettingClipboardIn, SettingClipboardOut, SettingLogonScript, SettingMicrophone, SettingPrinting, SettingSound, SettingWallpaper}
}

// EnforcedSetting tells whether the plane itself carries a setting out, in
// sessions. The others are carried out by the desktop, of a Guise.
func EnforcedSetting(name string) bool {
	return slices.Contains([]string{SettingClipboardIn, SettingClipboardOut, SettingMicrophone, SettingPrinting, SettingSound}, name)
}

// Subject is a person as policies see them.
type Subject struct {
	UserName string
	DN       string
	Groups   []string // nested ones included
}

// Decision is what policies decide about one setting for a person.
type Decision struct {
	Setting string
	Values  []string
	By      Policy   // which decided
	Over    []Policy // which would have, in their order
}

// Reason says why a policy is for a person, or why not; for says which.
func (p Policy) Reason(who Subject) (reason string, applies bool) {
	switch {
	case p.Disabled:
		return "it is switched off", false
	case p.Scope == ScopeDirectory:
		return "it is for everybody of the directory", true
	case p.Scope == ScopeUser && strings.EqualFold(p.Target, who.UserName):
		return "it is for this user", true
	case p.Scope == ScopeUser:
		return "it is for the user " + p.Target, false
	case p.Scope == ScopeOU && below(who.DN, p.Target):
		return "the user is below " + p.Target, true
	case p.Scope == ScopeOU:
		return "the user is not below " + p.Target, false
	case slices.ContainsFunc(who.Groups, func(g string) bool { return strings.EqualFold(g, p.Target) }):
		return "the user is in the group " + p.Target, true
	}
	return "the user is not in the group " + p.Target, false
}

// below compares distinguished names part by part, without regard to case and
// to blanks after commas.
func below(name, ou string) bool {
	tidy := func(s string) string { return strings.ReplaceAll(strings.ToLower(s), ", ", ",") }
	return ou != "" && strings.HasSuffix(tidy(name), ","+tidy(ou))
}

// rank orders policies: who decides comes first.
func rank(a, b Policy) int {
	order := []PolicyScope{ScopeUser, ScopeGroup, ScopeOU, ScopeDirectory}
	return cmp.Or(
		cmp.Compare(slices.Index(order, a.Scope), slices.Index(order, b.Scope)),
		cmp.Compare(len(b.Target), len(a.Target))*deeper(a), // the OU next to the user
		cmp.Compare(a.Priority, b.Priority),
		cmp.Compare(a.ID, b.ID),
	)
}

func deeper(p Policy) int {
	if p.Scope == ScopeOU {
		return 1
	}
	return 0
}

// Resultant is what policies decide for a person, by setting, in the order of
// PolicySettings. A setting that none has is not among them.
func Resultant(all []Policy, who Subject) []Decision {
	var mine []Policy
	for _, p := range all {
		if _, applies := p.Reason(who); applies {
			mine = append(mine, p)
		}
	}
	slices.SortFunc(mine, rank)
	var out []Decision
	for _, setting := range PolicySettings() {
		d := Decision{Setting: setting}
		for _, p := range mine {
			values, has := p.Settings[setting]
			switch {
			case !has:
			case d.By.ID == "":
				d.By, d.Values = p, values
			default:
				d.Over = append(d.Over, p)
			}
		}
		if d.By.ID != "" {
			out = append(out, d)
		}
	}
	return out
}

// RulesOf are the rules of a session where these decisions were made: what
// nobody decided is allowed.
func RulesOf(decided []Decision) Rules {
	r := AllAllowed()
	for _, d := range decided {
		on := slices.Equal(d.Values, []string{"ENABLED"})
		switch d.Setting {
		case SettingPrinting:
			r.Printing = on
		case SettingSound:
			r.Sound = on
		case SettingMicrophone:
			r.Microphone = on
		case SettingClipboardIn:
			r.ClipboardIn = on
		case SettingClipboardOut:
			r.ClipboardOut = on
		}
	}
	return r
}
