package route

import (
	"strings"
	"time"

	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

// draft is what could be written to whoever made the change: a question, for the
// operator to send or not.
type draft struct {
	Person  string `json:"person"`
	Command string `json:"command"`
}

// draftOf is nil where nothing is broken, or the settings do not know whose
// change it was.
func draftOf(p *Plan, conf *settings.Settings, zone *time.Location) *draft {
	if p.Broken == nil || p.Broken.Change == nil {
		return nil
	}
	b := p.Broken
	person := conf.Caller(b.Change.ARN)
	if person == "" {
		return nil
	}
	words := []string{"tamachi", "notice", "send", "--to", person, "--urgent", "--id", "path-" + b.ID + "-" + b.Change.Time.UTC().Format("20060102T150405Z")}
	var restore []string
	for _, r := range b.Restore {
		restore = append(restore, r.Command())
	}
	for _, l := range []struct {
		lang   report.Lang
		suffix string
	}{{report.English, ""}, {report.Japanese, "-ja"}} {
		say := func(m report.Message, pairs ...any) string { return m.In(l.lang, pairs...) }
		what := say(text.DraftWhat, "from", p.From.Name, "to", p.To.Name, "packet", p.Asked.packet(), "what", hops[b.What].In(l.lang), "id", b.ID)
		why := say(text.DraftWhy, "event", b.Change.Event, "time", b.Change.Time.In(zone).Format("2006-01-02 15:04 MST"))
		words = append(words, "--what"+l.suffix, what, "--why"+l.suffix, why)
		if len(restore) > 0 {
			words = append(words, "--do"+l.suffix, say(text.DraftDo, "command", strings.Join(restore, "; ")))
		}
	}
	return &draft{person, plan.Shell(words...)}
}
