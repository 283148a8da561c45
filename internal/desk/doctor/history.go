package doctor

import (
	"cmp"
	"slices"
	"time"

	"tamachi/internal/desk/change"
	"tamachi/internal/desk/plan"
)

// Attempt is a rung that was taken before, and what became of it.
type Attempt struct {
	At    time.Time `json:"at"`
	Rung  string    `json:"rung"`
	State string    `json:"state"` // as of the plan's step: DONE, FAILED, ...
	Note  string    `json:"note,omitempty"`
	Plan  string    `json:"plan"`
}

// rungOf is the rung whose last action it is.
var rungOf = map[string]string{
	Mend: repair, change.Reboot: restart, change.Restore: restore, change.Rebuild: rebuild, change.CreateNew: recreate,
}

// recent is how long an attempt says something about what is wrong now.
const recent = 24 * time.Hour

// history are the rungs that were taken for a user's desktop, the oldest first.
// A desktop that was made anew has another id.
func history(records []*plan.Record, desktop, user string) (out []Attempt) {
	for _, r := range records {
		if r.Plan.Duty != Duty {
			continue
		}
		for i, s := range r.Plan.Steps {
			st := r.Steps[i]
			rung := rungOf[s.Do.Action]
			if rung == "" || st.State == plan.Waiting || s.Resource != desktop && !(rung == recreate && s.Owner == user) {
				continue
			}
			out = append(out, Attempt{At: st.At, Rung: rung, State: string(st.State), Note: st.Note, Plan: r.Plan.ID})
		}
	}
	slices.SortStableFunc(out, func(a, b Attempt) int { return cmp.Compare(a.At.UnixNano(), b.At.UnixNano()) })
	return out
}

// tried tells whether a rung was taken lately. It did not help, where something is
// found broken still.
func (p *Plan) tried(rung string) bool {
	return slices.ContainsFunc(p.History, func(a Attempt) bool { return a.Rung == rung && p.At.Sub(a.At) < recent })
}
