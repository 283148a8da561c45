package office

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/report"
)

// talk tells how far a run has come: step, percent, time.
type talk struct {
	out   io.Writer
	lang  report.Lang
	clock clock.Clock
	began time.Time
	at    int // the step under way
	of    int
}

func (t *talk) say(m report.Message, pairs ...any) { fmt.Fprintln(t.out, m.In(t.lang, pairs...)) }

// step announces the next step.
func (t *talk) step(m report.Message, pairs ...any) {
	t.at = min(t.at+1, t.of)
	t.line(m, pairs...)
}

// line says something within a step.
func (t *talk) line(m report.Message, pairs ...any) {
	t.print(max(0, t.at-1)*100/t.of, m, pairs...)
}

// end says that all steps are done.
func (t *talk) end(m report.Message, pairs ...any) {
	t.at = t.of
	t.print(100, m, pairs...)
}

func (t *talk) print(percent int, m report.Message, pairs ...any) {
	took := t.clock.Now().Sub(t.began).Round(time.Second)
	fmt.Fprintf(t.out, "[%*d/%d %3d%% %3d:%02d] %s\n", len(strconv.Itoa(t.of)), t.at, t.of, percent,
		int(took.Minutes()), int(took.Seconds())%60, m.In(t.lang, pairs...))
}
