package tamachi

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// Wardrobe knows how desktops carried policies out.
type Wardrobe interface {
	// Dresses tells whether desktops do so here.
	Dresses() bool
	// Worn tells how one did.
	Worn(ctx context.Context, workspaceID string) (desktops.Worn, error)
}

// DressedDesktop is how a desktop carried its user's policies out.
type DressedDesktop struct {
	WorkspaceId *string
	At          *time.Time
	Groups      []string
	Settings    []SettingEffect
	Reason      *string // why nothing is known
}

// SettingEffect is how one setting was carried out: CARRIED_OUT, RUNNING or
// FAILED, with the reason.
type SettingEffect struct {
	Setting, State, Detail *string
}

// worn asks the desktops that a person has in a directory.
func (s *Service) worn(ctx context.Context, sc store.Scope, directoryID, user string) ([]DressedDesktop, error) {
	lives, err := s.ports.Records.Biographies(ctx, sc.Account, sc.Region, "", user)
	if err != nil {
		return nil, err
	}
	var out []DressedDesktop
	for _, l := range lives {
		if l.DirectoryID != directoryID || l.State == "TERMINATED" || !strings.EqualFold(l.UserName, user) {
			continue
		}
		d := DressedDesktop{WorkspaceId: &l.ID}
		w, err := s.ports.Wardrobe.Worn(ctx, l.ID)
		if err != nil {
			d.Reason = new("the desktop is " + l.State + " and has not told")
		} else {
			d.At, d.Groups = &w.At, w.Groups
			for _, setting := range slices.Sorted(maps.Keys(w.Settings)) {
				e := w.Settings[setting]
				d.Settings = append(d.Settings, SettingEffect{Setting: &setting, State: new(string(e.State)), Detail: known(e.Detail)})
			}
		}
		out = append(out, d)
	}
	return out, nil
}
