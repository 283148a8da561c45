package morning

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/desk/report"
	"tamachi/internal/desk/shelf"
)

// RepairHands is everything that --fix calls.
type RepairHands interface {
	Hands
	Tagged
}

type tagHands struct{ *workspaces.Client }

// fix shows the plan of the repair, asks, and carries it out.
func (d *desk) fix(ctx context.Context, h RepairHands, memory shelf.Shelf, f *Facts, p *Plan) error {
	if f.Account == "" {
		return d.failed(errors.New("--fix must know the account, and GetCallerIdentity was not answered"))
	}
	r := PlanRepair(p, f, d.flags.Anyway)
	if err := r.ReadTags(ctx, h); err != nil {
		return d.failed(err)
	}
	// With --json the document goes to stdout and what a person reads to stderr.
	talk := d.streams.Out
	if d.flags.JSON {
		talk = d.streams.Err
	}
	if err := p.Write(talk, d.lang, d.world.Location); err != nil {
		return err
	}
	if len(p.Findings) == 0 {
		return d.report(p, r, nil, nil)
	}
	if err := r.Write(talk, p, d.lang, d.world.Location); err != nil {
		return err
	}
	if len(r.Replacements) == 0 {
		return d.report(p, r, nil, &report.Exit{Code: report.Found})
	}
	if !d.flags.Yes && !d.confirmed() {
		return d.report(p, r, nil, &report.Exit{Code: report.Found, Err: errors.New(text.NotConfirmed.In(d.lang))})
	}
	return d.apply(ctx, h, memory, p, r)
}

func (d *desk) confirmed() bool {
	fmt.Fprint(d.streams.Err, text.Question.In(d.lang))
	line, _ := bufio.NewReader(d.streams.In).ReadString('\n') // the end of input is a no
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes", "はい":
		return true
	}
	return false
}

func (d *desk) apply(ctx context.Context, h Hands, memory shelf.Shelf, p *Plan, r *Repair) error {
	began := d.world.Clock.Now()
	var last Step
	a := &Apply{
		Hands: h, Clock: d.world.Clock, Timeout: d.flags.Timeout,
		Keep: func(j *Journal) error { return writeJournal(memory, p, j) },
		Progress: func(s Step) {
			if s.Phase != last.Phase || s.Done != last.Done || s.Took-last.Took >= 10*time.Second {
				d.progress(s)
				last = s
			}
		},
	}
	outcomes, err := a.Run(ctx, r)
	if err != nil {
		problem := d.failed(err)
		if outcomes != nil {
			problem = &report.Exit{Code: report.Found, Err: errors.New(text.Interrupt.In(d.lang, "problem", problem))}
		}
		return d.report(p, r, outcomes, problem)
	}
	took := d.world.Clock.Now().Sub(began)
	talk := d.streams.Out
	if d.flags.JSON {
		talk = d.streams.Err
	}
	if err := d.outcomes(talk, outcomes, took); err != nil {
		return err
	}
	return d.report(p, r, outcomes, d.verdict(p, r, outcomes))
}

func (d *desk) progress(s Step) {
	m := text.Creating
	if s.Phase == "terminate" {
		m = text.Terminating
	}
	fmt.Fprintln(d.streams.Err, m.In(d.lang, "done", s.Done, "of", s.Of, "took", s.Took.Round(100*time.Millisecond)))
}

// outcomes shows each new desktop, and how long the repair took.
func (d *desk) outcomes(w io.Writer, outcomes []Outcome, took time.Duration) error {
	say := func(m report.Message, pairs ...any) string { return m.In(d.lang, pairs...) }
	t := report.Table{Header: []string{say(text.ColumnUser), say(text.ColumnNew), say(text.ColumnState), say(text.ColumnError)}}
	bad := 0
	for _, o := range outcomes {
		failure := strings.TrimPrefix(o.Code+": "+clip(o.Message), ": ")
		if o.Good {
			failure = ""
		} else {
			bad++
		}
		t.Rows = append(t.Rows, []string{o.Request.User, cmp.Or(o.New, "-"), cmp.Or(o.State, "-"), failure})
	}
	if err := t.Write(w, "  "); err != nil {
		return err
	}
	m := text.Repaired
	if bad > 0 {
		m = text.NotRepaired
	}
	_, err := fmt.Fprintln(w, say(m, "n", len(outcomes), "bad", bad, "took", took.Round(100*time.Millisecond)))
	return err
}

// verdict is the exit of a repair: done, unless something is still wrong.
func (d *desk) verdict(p *Plan, r *Repair, outcomes []Outcome) error {
	left := len(r.Refusals)
	for _, o := range outcomes {
		if !o.Good {
			left++
		}
	}
	for _, f := range p.Findings {
		switch f.Kind {
		case Unhealthy, Stuck, CreationsFailed, DirectoryImpaired, InAlarm, PatchesBroken, AgentsLost, NotStopping:
			left++
		case InError, RepairInterrupted: // counted above
		}
	}
	if left > 0 {
		return &report.Exit{Code: report.Found}
	}
	return nil
}

// report ends a repair: with --json it prints all of it as one document.
func (d *desk) report(p *Plan, r *Repair, outcomes []Outcome, end error) error {
	if !d.flags.JSON {
		return end
	}
	err := d.json(struct {
		*Plan
		Repair   *Repair   `json:"repair"`
		Outcomes []Outcome `json:"outcomes"`
	}{p, r, outcomes})
	if err != nil {
		return err
	}
	return end
}
