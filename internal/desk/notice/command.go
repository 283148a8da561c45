package notice

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/question"
	"tamachi/internal/desk/report"
	"tamachi/internal/notify"
)

// Command is "tamachi notice". The takers are what follows from answers. Its
// errors are *report.Exit.
func Command(w account.World, actions plan.Actions, ways Ways, takers question.Takers) *cobra.Command {
	c := &cobra.Command{
		Use:   "notice",
		Short: "Write to people by Slack, mail or file, and take their answers",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return duty.Misuse(fmt.Errorf("unknown argument %q", args[0]))
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(sendCommand(w, ways), digestCommand(w, ways), announceCommand(w, actions, ways), jobCommand(w, ways), listCommand(w, ways), serveCommand(w, ways, takers))
	for _, sub := range c.Commands() {
		sub.SilenceUsage, sub.SilenceErrors = true, true
		sub.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return duty.Misuse(err) })
	}
	return c
}

func failed(err error) error { return &report.Exit{Code: report.Found, Err: err} }

// said are the flags of what is said.
type said struct {
	topic, what, whatJa, do, doJa, id string
}

func (s *said) flags(c *cobra.Command) {
	c.Flags().StringVar(&s.topic, "topic", "", "decides the channel (channels of the settings)")
	c.Flags().StringVar(&s.what, "what", "", "what happened")
	c.Flags().StringVar(&s.whatJa, "what-ja", "", "the same in Japanese (default as --what)")
	c.Flags().StringVar(&s.do, "do", "", "what the reader should do")
	c.Flags().StringVar(&s.doJa, "do-ja", "", "the same in Japanese (default as --do)")
}

func (s *said) texts() (what, do [2]string, err error) {
	if s.what == "" {
		return what, do, duty.Misuse(errors.New("want --what: what happened"))
	}
	what, do = [2]string{s.what, s.what}, [2]string{s.do, s.do}
	if s.whatJa != "" {
		what[1] = s.whatJa
	}
	if s.doJa != "" {
		do[1] = s.doJa
	}
	return what, do, nil
}

func sendCommand(w account.World, ways Ways) *cobra.Command {
	var s said
	var to []string
	var urgent bool
	var thread, why, whyJa string
	c := &cobra.Command{
		Use: "send", Short: "Write to a topic's channel or to people", Args: cobra.NoArgs,
		Long:    "In quiet hours what is not --urgent waits for tamachi notice digest. The same --id is said once.",
		Example: "  tamachi notice send --topic desktops --what '2 desktops were made again' --do 'please verify' --thread night-1124",
		RunE: func(c *cobra.Command, _ []string) error {
			what, do, err := s.texts()
			if err != nil {
				return err
			}
			d, err := Open(w, ways)
			if err != nil {
				return failed(err)
			}
			if err := known(d.Settings, to); err != nil {
				return duty.Misuse(err)
			}
			p := notify.Post{ID: s.id, Topic: s.topic, To: to, Thread: thread, Urgent: urgent, What: what, Why: [2]string{why, cmp.Or(whyJa, why)}, Do: do}
			if p.ID == "" {
				p.ID = jobID(strings.Join(what[:], "\n"), w.Clock.Now().Format(time.RFC3339Nano), s.topic)
			}
			if err := d.Send(c.Context(), p); err != nil {
				return failed(err)
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), text.Sent.In(report.Language(w.Getenv)))
			return err
		},
	}
	s.flags(c)
	c.Flags().StringSliceVar(&to, "to", nil, "people or groups of the settings")
	c.Flags().BoolVar(&urgent, "urgent", false, "also in quiet hours")
	c.Flags().StringVar(&thread, "thread", "", "name of the incident whose thread it belongs to")
	c.Flags().StringVar(&why, "why", "", "why it happened")
	c.Flags().StringVar(&whyJa, "why-ja", "", "the same in Japanese (default as --why)")
	c.Flags().StringVar(&s.id, "id", "", "name of this notice; the same is said once")
	return c
}

func digestCommand(w account.World, ways Ways) *cobra.Command {
	return &cobra.Command{
		Use: "digest", Short: "Send what waited for the end of the quiet hours, as one notice", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			d, err := Open(w, ways)
			if err != nil {
				return failed(err)
			}
			n, err := d.Digest(c.Context())
			if err != nil {
				return failed(err)
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), text.Digested.In(report.Language(w.Getenv), "n", n))
			return err
		},
	}
}

func announceCommand(w account.World, actions plan.Actions, ways Ways) *cobra.Command {
	var s said
	var f plan.Flags
	var reach account.Reach
	c := &cobra.Command{
		Use: "announce", Short: "Speak to everyone in a channel, once that is agreed to", Args: cobra.NoArgs,
		Example: "  tamachi notice announce --topic desktops --what 'The VPN is back' --what-ja 'VPN は復旧しました' --reason 'incident 7'",
		RunE: func(c *cobra.Command, _ []string) error {
			p := plan.At(c, w, actions, f)
			what, do, err := s.texts()
			if err != nil {
				return err
			}
			if err := errors.Join(f.Check(), reach.Check()); err != nil {
				return duty.Misuse(err)
			}
			d, err := Open(w, ways)
			if err != nil {
				return failed(err)
			}
			place, a, err := plan.Here(c.Context(), reach)
			if err != nil {
				return p.Failed(err)
			}
			by, _, err := plan.Who(c.Context(), a)
			if err != nil {
				return p.Failed(err)
			}
			made, err := Announce(d.Settings, Announcement{s.topic, what, do}, plan.Plan{Made: w.Clock.Now(), By: by, Reason: f.Reason, Places: []plan.Place{place}})
			if errors.Is(err, ErrNoRule) {
				err = errors.New(NoRule(p.Language()))
			}
			if err != nil {
				return p.Failed(err)
			}
			return p.Propose(c.Context(), made)
		},
	}
	s.flags(c)
	f.Show(c.Flags())
	f.Apply(c.Flags())
	reach.Flags(c.Flags())
	return c
}

// maxTail is how much of a job's output a notice has.
const maxTail = 600

func jobCommand(w account.World, ways Ways) *cobra.Command {
	var topic string
	var to []string
	c := &cobra.Command{
		Use:   "job NAME -- COMMAND ...",
		Short: "Run a scheduled command, and write to people when it fails",
		Long: `Runs the command with its output passed on. When it fails, or cannot be started,
those who are named learn it at once, quiet hours or not. The exit code is the
command's.`,
		Example: "  0 2 * * *  tamachi notice job night-batch --topic desktops -- /usr/local/bin/night-batch",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return duty.Misuse(errors.New("want a name and a command: tamachi notice job night-batch -- COMMAND"))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			return job(c.Context(), w, ways, c.OutOrStdout(), c.ErrOrStderr(), args, notify.Post{Topic: topic, To: to})
		},
	}
	c.Flags().StringVar(&topic, "topic", "jobs", "decides the channel")
	c.Flags().StringSliceVar(&to, "to", nil, "people or groups of the settings")
	return c
}

// job runs a command and tells of its failure.
func job(ctx context.Context, w account.World, ways Ways, out, errs io.Writer, args []string, p notify.Post) error {
	began := w.Clock.Now()
	tail := &ending{}
	run := exec.CommandContext(ctx, args[1], args[2:]...)
	run.Cancel = func() error { return run.Process.Signal(os.Interrupt) }
	run.Stdout, run.Stderr = io.MultiWriter(out, tail), io.MultiWriter(errs, tail)
	end := run.Run()
	if end == nil {
		return nil
	}
	p.ID, p.Urgent = jobID(args[0], began.Format(time.RFC3339Nano), end.Error()), true
	p.What = both(text.JobFailed, "job", args[0], "how", end)
	if s := strings.TrimSpace(report.Plain(tail.String())); s != "" {
		p.Why = both(text.JobWhy, "output", s)
	}
	p.Do = both(text.JobDo, "command", plan.Shell(args[1:]...))
	d, err := Open(w, ways)
	if err == nil {
		err = d.Send(context.WithoutCancel(ctx), p)
	}
	code := report.Found
	if exit, ok := errors.AsType[*exec.ExitError](end); ok && exit.ExitCode() > 0 {
		code = exit.ExitCode()
	}
	return &report.Exit{Code: code, Err: errors.Join(fmt.Errorf("%s: %w", args[0], end), err)}
}

// ending keeps the end of what is written to it.
type ending struct{ b bytes.Buffer }

func (e *ending) Write(b []byte) (int, error) {
	e.b.Write(b)
	if over := e.b.Len() - maxTail; over > 0 {
		e.b.Next(over)
	}
	return len(b), nil
}

func (e *ending) String() string { return strings.ToValidUTF8(e.b.String(), "") }
