package desktops

import (
	"slices"
	"testing"
)

func TestResultant(t *testing.T) {
	set := func(id string, scope PolicyScope, target string, priority int, name string, values ...string) Policy {
		return Policy{ID: id, Name: id, Scope: scope, Target: target, Priority: priority, Settings: map[string][]string{name: values}}
	}
	hanako := Subject{UserName: "takeda.hanako", DN: "CN=takeda.hanako,OU=Sales,OU=Tokyo,DC=corp,DC=example,DC=com", Groups: []string{"Wallpaper-Free", "Sales"}}
	company := set("company", ScopeDirectory, "", 1, SettingWallpaper, "company.png")
	free := set("free", ScopeGroup, "wallpaper-free", 1, SettingWallpaper, "UNMANAGED")
	off := free
	off.Disabled = true
	rows := []struct {
		name string
		all  []Policy
		by   string // "" = nobody
		over []string
	}{
		{"no policy", nil, "", nil},
		{"one for the directory", []Policy{company}, "company", nil},
		{"one for a group goes before it", []Policy{company, free}, "free", []string{"company"}},
		{"unless it is switched off", []Policy{company, off}, "company", nil},
		{"one for another group does not count", []Policy{company, set("x", ScopeGroup, "Finance", 1, SettingWallpaper, "x")}, "company", nil},
		{"one for the user goes before all", []Policy{company, free, set("own", ScopeUser, "TAKEDA.hanako", 9, SettingWallpaper, "own.png")}, "own", []string{"free", "company"}},
		{"one for another user does not count", []Policy{set("other", ScopeUser, "tanaka", 1, SettingWallpaper, "x")}, "", nil},
		{"one for an OU goes before that of the directory", []Policy{company, set("ou", ScopeOU, "OU=Tokyo,DC=corp,DC=example,DC=com", 5, SettingWallpaper, "x")}, "ou", []string{"company"}},
		{"the nearer OU goes first", []Policy{set("far", ScopeOU, "OU=Tokyo,DC=corp,DC=example,DC=com", 1, SettingWallpaper, "x"), set("near", ScopeOU, "ou=sales, ou=Tokyo, dc=corp,dc=example,dc=com", 9, SettingWallpaper, "y")}, "near", []string{"far"}},
		{"an OU whose name ends alike does not count", []Policy{set("ou", ScopeOU, "U=Tokyo,DC=corp,DC=example,DC=com", 1, SettingWallpaper, "x")}, "", nil},
		{"of two groups the lower number", []Policy{set("b", ScopeGroup, "Sales", 2, SettingWallpaper, "b"), set("a", ScopeGroup, "Wallpaper-Free", 1, SettingWallpaper, "a")}, "a", []string{"b"}},
		{"of equal numbers the lower id", []Policy{set("b", ScopeGroup, "Wallpaper-Free", 1, SettingWallpaper, "b"), set("a", ScopeGroup, "Sales", 1, SettingWallpaper, "a")}, "a", []string{"b"}},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			for range 2 { // in any order
				got := Resultant(r.all, hanako)
				by := ""
				var over []string
				if len(got) > 0 {
					by = got[0].By.ID
					for _, p := range got[0].Over {
						over = append(over, p.ID)
					}
				}
				if by != r.by || !slices.Equal(over, r.over) {
					t.Errorf("want %q over %q, got %q over %q", r.by, r.over, by, over)
				}
				slices.Reverse(r.all)
			}
		})
	}
}

func TestRulesOfSessions(t *testing.T) {
	all := []Policy{
		{ID: "a", Scope: ScopeDirectory, Settings: map[string][]string{SettingPrinting: {"DISABLED"}, SettingClipboardOut: {"DISABLED"}}},
		{ID: "b", Scope: ScopeGroup, Target: "Sales", Settings: map[string][]string{SettingPrinting: {"ENABLED"}, SettingSound: {"DISABLED"}, SettingMicrophone: {"DISABLED"}}},
	}
	if got := RulesOf(Resultant(all, Subject{UserName: "tanaka"})); got != (Rules{ClipboardIn: true, Sound: true, Microphone: true}) {
		t.Errorf("want the clipboard inwards, sound and microphone only, got %+v", got)
	}
	if got := RulesOf(Resultant(all, Subject{UserName: "tanaka", Groups: []string{"Sales"}})); got != (Rules{ClipboardIn: true, Printing: true}) {
		t.Errorf("want printing, no sound and no microphone for Sales, got %+v", got)
	}
	if got := RulesOf(nil); got != AllAllowed() {
		t.Errorf("want everything, got %+v", got)
	}
}
