package calendar

import (
	"cmp"
	"slices"
	"time"
)

// Event is maintenance that is to be expected.
type Event struct {
	UID    string    `json:"uid"`    // the same as long as it is the same maintenance
	Source string    `json:"source"` // which question it answers: an account's Region and what was asked there
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	What   [2]string `json:"what"` // English, Japanese
	Why    [2]string `json:"why"`
}

// Kept is an event as the feed has it.
type Kept struct {
	Event
	Sequence  int       `json:"sequence"`
	Changed   time.Time `json:"changed"`
	Cancelled bool      `json:"cancelled,omitempty"`
}

// memory is how long an event stays after its end.
const memory = 31 * 24 * time.Hour

// merge is the feed after a look: now are the events that were seen, asked the
// sources that answered.
func merge(before []Kept, now []Event, asked map[string]bool, at time.Time) []Kept {
	at = at.UTC().Truncate(time.Second) // as finely as the feed says it
	seen := map[string]Event{}
	for _, e := range now {
		e.From, e.To = e.From.UTC(), e.To.UTC()
		seen[e.UID] = e
	}
	var out []Kept
	for _, k := range before {
		e, is := seen[k.UID]
		delete(seen, k.UID)
		switch {
		case is && (e != k.Event || k.Cancelled):
			k = Kept{Event: e, Sequence: k.Sequence + 1, Changed: at}
		case !is && asked[k.Source] && !k.Cancelled && k.To.After(at):
			k.Cancelled, k.Sequence, k.Changed = true, k.Sequence+1, at
		}
		if k.To.Add(memory).After(at) {
			out = append(out, k)
		}
	}
	for _, e := range seen {
		out = append(out, Kept{Event: e, Changed: at})
	}
	slices.SortFunc(out, func(a, b Kept) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.UID, b.UID)) })
	return out
}
