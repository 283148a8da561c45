package desktops

import (
	"context"
	"time"
)

// Guise is what a directory and its policies say of a desktop's user, and the
// desktop carries out: who may read what, and how it looks.
type Guise struct {
	Groups []string `json:",omitempty"` // of the user, nested ones included
	// Administrator lets the user do everything in their desktop: sudo(8).
	Administrator bool   `json:",omitempty"`
	Wallpaper     string `json:",omitempty"` // a picture in the desktop; "" is the user's own
	LogonScript   string `json:",omitempty"` // a program in the desktop, run when the session begins
	// Software are the names of the applications that may be started; nil is
	// all of them.
	Software []string `json:",omitempty"`
	// By names the policy that decided, by setting.
	By map[string]string `json:",omitempty"`
}

// Dresser is a Provider whose desktops carry a guise out.
type Dresser interface {
	// Dress gives a desktop a new guise: at once where it runs, else from its
	// next start on. What begins a session, groups of programs that run and the
	// logon script, counts from the next session. ErrNotFound; ErrLacking where
	// desktops are not the provider's own to furnish.
	Dress(ctx context.Context, id string, g Guise) error
	// Worn tells how a desktop carried its guise out; ErrNotFound when it never
	// did.
	Worn(ctx context.Context, id string) (Worn, error)
}

// Worn is how a guise was carried out. It comes from the desktop, which may say
// anything.
type Worn struct {
	At       time.Time
	Groups   []string
	Settings map[string]Effect // by setting
}

// Effect is how one setting was carried out.
type Effect struct {
	State  EffectState
	Detail string // why it failed: "no such file"
}

// EffectState says whether a setting was carried out.
type EffectState string

// The effects.
const (
	Carried EffectState = "CARRIED_OUT"
	Going   EffectState = "RUNNING" // a logon script that has not ended
	Amiss   EffectState = "FAILED"
)

// GuiseOf is what policies make of a person's desktop.
func GuiseOf(decided []Decision, who Subject) Guise {
	g := Guise{Groups: who.Groups, By: map[string]string{}}
	for _, d := range decided {
		if len(d.Values) == 0 || d.Values[0] == Unmanaged && d.Setting == SettingWallpaper {
			continue
		}
		switch d.Setting {
		case SettingWallpaper:
			g.Wallpaper = d.Values[0]
		case SettingLogonScript:
			g.LogonScript = d.Values[0]
		case SettingSoftware:
			g.Software = d.Values
		default:
			continue
		}
		g.By[d.Setting] = d.By.Name + " (" + d.By.ID + ")"
	}
	return g
}

// Administering is what Worn calls the right of Guise.Administrator; no policy has
// such a setting.
const Administering = "Administrator"

// Unmanaged is the wallpaper of those who choose their own.
const Unmanaged = "UNMANAGED"
