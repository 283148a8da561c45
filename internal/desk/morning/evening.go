package morning

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/shelf"
	"tamachi/internal/notify"
)

// eveningHour is when the night begins: what went wrong before was seen by
// somebody at work.
const eveningHour = 18

// evening is 18:00 of the day before, in a time zone.
func evening(now time.Time, zone *time.Location) time.Time {
	y, m, d := now.In(zone).AddDate(0, 0, -1).Date()
	return time.Date(y, m, d, eveningHour, 0, 0, 0, zone)
}

// EveningFlags are the options of the evening.
type EveningFlags struct {
	duty.Options
	HandOver bool
	Note     string
	To       []string
}

// EveningCommand is "tamachi evening". Its errors are *report.Exit.
func EveningCommand(w account.World) *cobra.Command {
	var f EveningFlags
	c := &cobra.Command{
		Use:   "evening",
		Short: "Look once more before going home: open items, running jobs, and a note for who comes next",
		Long: `Says what is wrong now, which commands and automations still run, which plans of
the desk are not done, what waits for somebody's agreement, and the maintenance
until tomorrow. It changes nothing in the account.

--hand-over keeps the open items as a note, with the words of --note, which the next
morning shows, and writes it to the channel of the topic hand-over and to those of
--to, where the settings have ways to them. In quiet hours (settings: quiet) only
what is urgent is sent; the rest waits for tamachi notice digest.

Exit code: 0 nothing open; 1 something is, or failed; 2 wrong use.`,
		Example: `  tamachi evening
  tamachi evening --hand-over --note 'the VPN vendor calls at 09:00' --to nakamura
  tamachi evening --organization --role DeskReader --region ap-northeast-1,us-east-1
  tamachi evening --policy          the IAM policy for it`,
		Args: func(_ *cobra.Command, args []string) error { return noArgs(args) },
		RunE: func(c *cobra.Command, _ []string) error {
			d := &desk{world: w, streams: plan.Streams{In: c.InOrStdin(), Out: c.OutOrStdout(), Err: c.ErrOrStderr()}, flags: Flags{Options: f.Options, Timeout: time.Hour}}
			return d.evening(c.Context(), f)
		},
	}
	f.Add(c)
	c.Flags().BoolVar(&f.HandOver, "hand-over", false, "keep what is open as a note for the next morning, and send it")
	c.Flags().StringVar(&f.Note, "note", "", "with --hand-over: what else to know")
	c.Flags().StringSliceVar(&f.To, "to", nil, "with --hand-over: people or groups of the settings")
	return c
}

// evening is the evening's look.
func (d *desk) evening(ctx context.Context, f EveningFlags) error {
	if err := d.options(); err != nil {
		return duty.Misuse(err)
	}
	switch unknown := slices.DeleteFunc(slices.Clone(f.To), func(name string) bool { return len(d.conf.Members([]string{name})) > 0 }); {
	case f.Policy:
		_, err := io.WriteString(d.streams.Out, eveningPolicy())
		return err
	case !f.HandOver && (f.Note != "" || len(f.To) > 0):
		return duty.Misuse(errors.New("--note and --to go with --hand-over"))
	case len(unknown) > 0:
		return duty.Misuse(fmt.Errorf("the settings know no %s (people, groups)", strings.Join(unknown, ", ")))
	}
	y, m, day := d.world.Clock.Now().In(d.world.Location).Date()
	d.since = time.Date(y, m, day, 0, 0, 0, 0, d.world.Location)
	places, err := account.Open(ctx, f.Reach)
	if err != nil {
		return d.failed(err)
	}
	sections, err := d.read(ctx, places, true)
	if err != nil {
		return d.failed(err)
	}
	if len(sections) == 1 && sections[0].Problem != nil {
		return d.failed(sections[0].Problem)
	}
	e := d.close(ctx, sections)
	if f.JSON {
		err = duty.JSON(d.streams.Out, e)
	} else {
		err = d.write(e)
	}
	if err == nil && f.HandOver {
		err = d.handOver(ctx, e, f)
	}
	if err == nil && e.Open > 0 {
		return &report.Exit{Code: report.Found}
	}
	return err
}

// day is the end of a day.
type day struct {
	Places []section `json:"places"`
	Agenda *Agenda   `json:"agenda"`
	Quiet  quietTime `json:"quiet"`
	Open   int       `json:"open"` // findings, places that could not be read, and plans that are not done
}

// quietTime is when nobody is written to.
type quietTime struct {
	From string `json:"from"`
	To   string `json:"to"`
	Now  bool   `json:"now"`
}

func (d *desk) close(ctx context.Context, sections []section) *day {
	e := &day{Places: sections, Quiet: quietTime{d.conf.Quiet.From, d.conf.Quiet.To, d.conf.QuietAt(d.world.Clock.Now())}}
	var read []*Plan
	for _, s := range sections {
		if s.Plan == nil {
			e.Open++
			continue
		}
		read = append(read, s.Plan)
		e.Open += len(s.Plan.Findings)
	}
	e.Agenda = d.agenda(ctx, d.since, read...)
	e.Agenda.Note = nil // it was for this morning
	e.Open += len(e.Agenda.Open)
	return e
}

// write prints the day for people.
func (d *desk) write(e *day) error {
	for i, s := range e.Places {
		if len(e.Places) > 1 {
			if i > 0 {
				fmt.Fprintln(d.streams.Out)
			}
			fmt.Fprintln(d.streams.Out, "== "+s.Title())
		}
		if s.Problem != nil {
			fmt.Fprintln(d.streams.Out, text.Unanswered.In(d.lang, "problem", s.Problem.In(d.lang)))
			continue
		}
		if err := s.Plan.Write(d.streams.Out, d.lang, d.world.Location); err != nil {
			return err
		}
		g := d.page(s.Plan.At)
		g.jobs(s.Jobs)
		if _, err := io.WriteString(d.streams.Out, g.out.String()); err != nil {
			return err
		}
	}
	g := d.page(d.world.Clock.Now())
	g.plan.links = e.Agenda.links
	e.Agenda.write(g)
	if e.Quiet.From != e.Quiet.To {
		m := text.Quiet
		if e.Quiet.Now {
			m = text.QuietNow
		}
		g.line("", g.say(m, "from", e.Quiet.From, "to", e.Quiet.To))
	}
	return g.write(d.streams.Out)
}

func (d *desk) page(at time.Time) *page {
	return &page{lang: d.lang, zone: d.world.Location, plan: &Plan{At: at}}
}

// handOver keeps the note, and sends it where there is a way.
func (d *desk) handOver(ctx context.Context, e *day, f EveningFlags) error {
	n := &Note{At: d.world.Clock.Now().UTC(), To: f.To, Text: f.Note}
	for _, s := range e.Places {
		if s.Plan == nil {
			n.Open = append(n.Open, s.Title()+": "+s.Problem.In(d.lang))
			continue
		}
		n.By = cmp.Or(n.By, d.conf.Caller(s.Plan.Caller), s.Plan.Caller)
		n.Open = append(n.Open, d.heads(s)...)
		n.Accounts = append(n.Accounts, s.Plan.Account)
	}
	for _, i := range e.Agenda.Open {
		n.Open = append(n.Open, text.NotDone.In(d.lang, "id", i.Plan, "duty", i.Duty, "done", i.Done, "of", i.Steps))
	}
	memory, err := shelf.In(d.world.Getenv)
	if err == nil {
		err = n.keep(memory)
	}
	if err != nil {
		return d.failed(err)
	}
	fmt.Fprintln(d.talk(), text.NoteKept.In(d.lang))
	if d.world.Tell == nil || d.conf.Channel(handOverTopic) == "" && d.conf.Outbox == "" && len(f.To) == 0 {
		return nil
	}
	body := strings.Join(n.lines(), "\n")
	p := notify.Post{ID: "hand-over-" + n.At.Format("20060102T150405.000"), Topic: handOverTopic, To: f.To, Urgent: true}
	for i, lang := range []report.Lang{report.English, report.Japanese} {
		p.What[i] = text.PostNote.In(lang, "by", n.By, "n", e.Open) + "\n" + body
		p.Do[i] = text.PostNoteDo.In(lang)
	}
	if err := d.world.Tell(ctx, p); err != nil {
		return d.failed(errors.New(text.Untold.In(d.lang, "problem", err)))
	}
	return nil
}

// handOverTopic is the channel of notes.
const handOverTopic = "hand-over"

// heads are the first lines of a place's findings, and its running jobs.
func (d *desk) heads(s section) []string {
	g := d.page(s.Plan.At)
	g.plan = s.Plan
	for i := range s.Plan.Findings {
		g.finding(&s.Plan.Findings[i])
	}
	var out []string
	for line := range strings.Lines(g.out.String()) {
		if !strings.HasPrefix(line, " ") {
			out = append(out, strings.TrimSpace(line))
		}
	}
	for _, j := range s.Jobs {
		out = append(out, text.JobRuns.In(d.lang, "document", j.Document, "id", j.ID, "time", g.clock(j.Since)))
	}
	return out
}
