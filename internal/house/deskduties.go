package house

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	room "tamachi/internal/aws/services/desk"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/bulk"
	"tamachi/internal/desk/diagnose"
	"tamachi/internal/desk/image"
	"tamachi/internal/desk/morning"
	hiring "tamachi/internal/desk/people"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
)

// dutyRow is a duty that callers may have done for them: the command of this
// name, with no other options than these. None of them names a file, an account
// or credentials.
type dutyRow struct {
	of      int      // how many it may be about, by arguments
	options []string // by name
	fixes   []string // words of --fix
	fix     bool     // --fix has no words
	plans   bool     // what it does is a plan
	kept    bool     // it is about a plan that is kept
	feed    bool     // it reads a feed
	named   bool     // names do instead of a feed
}

// mostNamed is how many people one plan may name.
const mostNamed = 50

// ofDesktops is a verb of "tamachi desktop".
var ofDesktops = dutyRow{of: bulk.Most, plans: true}

var duties = map[string]dutyRow{
	"morning":           {fix: true},
	"evening":           {},
	"diagnose desktop":  {of: 1, fixes: []string{"repair", "restart", "restore", "rebuild", "recreate"}},
	"diagnose login":    {of: 1, options: []string{"code", "from", "device", "directory"}},
	"diagnose slow":     {of: 1, fixes: []string{"resize"}},
	"diagnose path":     {options: []string{"from", "to", "port", "protocol", "verify"}, fix: true},
	"diagnose share":    {options: []string{"user", "path"}},
	"diagnose printing": {options: []string{"user"}},
	"diagnose outage":   {options: []string{"since"}, fix: true},
	"joiner":            {of: mostNamed, options: []string{"directory", "bundle", "auto-stop-minutes", "ahead-days", "anyway"}, plans: true, feed: true},
	"mover":             {of: mostNamed, options: []string{"directory"}, plans: true, feed: true},
	"leaver":            {of: mostNamed, options: []string{"directory", "keep-days", "terminate"}, plans: true, feed: true, named: true},
	"desktop start":     ofDesktops,
	"desktop stop":      ofDesktops,
	"desktop reboot":    ofDesktops,
	"desktop restore":   ofDesktops,
	"desktop rebuild":   ofDesktops,
	"desktop terminate": ofDesktops,
	"desktop always-on": ofDesktops,
	"desktop auto-stop": {of: bulk.Most, options: []string{"minutes"}, plans: true},
	"image rollout":     {of: 1, options: []string{"bundle", "how", "name", "only", "canary", "canaries", "wave", "stop-after", "window", "anyway"}, plans: true},
	"plan undo":         {of: 1, plans: true, kept: true},
}

// commands are fresh ones: each keeps the options of one run.
func (f *deskFile) commands() *cobra.Command {
	root := &cobra.Command{Use: "tamachi", SilenceErrors: true, SilenceUsage: true}
	root.AddCommand(morning.Command(f.World), morning.EveningCommand(f.World), diagnose.Command(f.World, f.Actions))
	root.AddCommand(hiring.Commands(f.World, f.Actions)...)
	desktop := &cobra.Command{Use: "desktop"}
	desktop.AddCommand(bulk.Commands(f.World, f.Actions)...)
	root.AddCommand(desktop, image.Command(f.World, f.Actions), plan.Command(f.World, f.Actions))
	return root
}

const (
	dutiesAtOnce = 8
	nobody       = "account\n" // a feed without people
	mostText     = 256 << 10   // of a report
)

// Duty does one with the visitor's credentials, as the command of its name does
// for who runs the program.
func (f *deskFile) Duty(ctx context.Context, v room.Visitor, asked room.Asked) (*room.DutyReport, error) {
	words, shown, err := wordsOf(v, asked)
	if err != nil {
		return nil, err
	}
	if err := f.mayName(v, asked); err != nil {
		return nil, err
	}
	select {
	case f.duties <- struct{}{}:
		defer func() { <-f.duties }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	a, err := f.hands(ctx, v, v.Region)
	if err != nil {
		return nil, err
	}
	visit := &account.Visit{Account: v.Account, Hands: a}
	out, at := &clipped{}, f.World.Clock.Now()
	c := f.commands()
	c.SetIn(strings.NewReader(cmp.Or(asked.Feed, nobody)))
	c.SetOut(out)
	c.SetErr(io.Discard) // how far it is
	c.SetArgs(words)
	found, err := ended(v, c.ExecuteContext(visit.Within(ctx)))
	if err != nil {
		return nil, err
	}
	return &room.DutyReport{At: &at, Text: new(out.text(v)), Found: &found, PlanId: text(visit.Kept), Command: new(plan.Shell(shown...))}, nil
}

// mayName sees to it that a plan which is named is the visitor's, and that this
// plane may do what they want with it.
func (f *deskFile) mayName(v room.Visitor, asked room.Asked) error {
	if !duties[asked.Duty].kept {
		return nil
	}
	for _, one := range asked.Values {
		r, _, err := f.read(v, *one.Value)
		if err != nil {
			return err
		}
		if why := f.elsewhere(v, r.Plan, "undo"); why != "" {
			return &room.Refusal{Why: why}
		}
		if f.atWork(r.Plan.ID) {
			return &room.Refusal{Why: say(v, "The plan is being applied.", "この計画は適用中です。")}
		}
	}
	return nil
}

// ended reads how a duty went.
func ended(v room.Visitor, err error) (found bool, _ error) {
	exit, ok := errors.AsType[*report.Exit](err)
	switch {
	case err == nil:
		return false, nil
	case !ok:
		return false, &room.Mistake{What: err.Error()} // of cobra's own
	case exit.Code == report.Misuse:
		return false, &room.Mistake{What: exit.Error()}
	case exit.Err == nil:
		return true, nil
	}
	if _, ok := errors.AsType[*account.Problem](exit.Err); ok {
		return false, troubled(v, exit.Err)
	}
	return false, &room.Refusal{Why: exit.Error()}
}

// troubled is an error of the account in the visitor's language.
func troubled(v room.Visitor, err error) error {
	p, ok := errors.AsType[*account.Problem](err)
	switch {
	case !ok:
		return err
	case p.Kind == account.Denied:
		return &room.Denial{Why: p.In(langOf(v))}
	}
	return &room.Refusal{Why: p.In(langOf(v))}
}

// wordsOf is the command's line, as it is run and as a person would type it.
func wordsOf(v room.Visitor, asked room.Asked) (words, shown []string, err error) {
	row, known := duties[asked.Duty]
	if !known {
		return nil, nil, &room.Mistake{What: say(v, "There is no duty "+asked.Duty+".", asked.Duty+" という業務はありません。")}
	}
	options, of, err := row.values(v, asked.Values)
	if err != nil {
		return nil, nil, err
	}
	fix, err := row.fixOf(v, asked)
	if err != nil {
		return nil, nil, err
	}
	if row.feed && asked.Feed == "" && (!row.named || len(of) == 0) {
		return nil, nil, &room.Mistake{What: say(v, "There is no feed: paste or choose one.", "人事データがありません。貼り付けるかファイルを選んでください。")}
	}
	options = append(options, fix...)
	name := strings.Fields(asked.Duty)
	shown = slices.Concat([]string{"tamachi"}, name, of, options)
	words = slices.Concat(name, options, []string{"--lang=" + v.Language})
	if row.feed {
		words = append(words, "--hr=-") // that of the settings is a file of who runs the plane
	}
	if asked.Feed != "" {
		shown = append(shown, "--hr", "people.csv")
	}
	return slices.Concat(words, []string{"--"}, of), shown, nil
}

// values are the options and arguments of a line.
func (row *dutyRow) values(v room.Visitor, all []room.Value) (options, of []string, err error) {
	for _, one := range all {
		name, value := *one.Name, *one.Value
		switch {
		case strings.ContainsFunc(value, unicode.IsControl) || strings.Contains(value, "\ufffd"):
			return nil, nil, &room.Mistake{What: say(v, "The value of "+name+" has characters that no name has.", name+" の値に使えない文字があります。")}
		case name == "of" && len(of) < row.of && value != "":
			of = append(of, value)
		case slices.Contains(row.options, name):
			options = append(options, "--"+name+"="+value)
		default:
			return nil, nil, &room.Mistake{What: say(v, "This duty has no option "+name+", or not as often.", "この業務に "+name+" は指定できないか、多すぎます。")}
		}
	}
	return options, of, nil
}

// fixOf are the options of making a plan.
func (row *dutyRow) fixOf(v room.Visitor, asked room.Asked) ([]string, error) {
	var out []string
	switch {
	case !asked.Plan && row.plans:
		return nil, &room.Mistake{What: say(v, "What this duty does is a plan: PlanDuty.", "この業務は計画を作成します。PlanDuty を使ってください。")}
	case asked.Feed != "" && !row.feed:
		return nil, &room.Mistake{What: say(v, "This duty reads no feed.", "この業務は人事データを使いません。")}
	case !asked.Plan || row.plans:
	case row.fix && asked.Fix == "":
		out = append(out, "--fix")
	case slices.Contains(row.fixes, asked.Fix):
		out = append(out, "--fix="+asked.Fix)
	default:
		return nil, &room.Mistake{What: say(v, "This duty makes no such plan.", "この業務にその計画はありません。")}
	}
	if asked.Reason != "" {
		out = append(out, "--reason="+asked.Reason)
	}
	return out, nil
}

// clipped keeps the beginning of what is written.
type clipped struct {
	bytes.Buffer
	over bool
}

// Write keeps what there is room for.
func (c *clipped) Write(p []byte) (int, error) {
	room := mostText - c.Len()
	if c.over = c.over || len(p) > room; c.over {
		_, _ = c.Buffer.Write(p[:min(len(p), max(room, 0))]) // to memory
		return len(p), nil
	}
	return c.Buffer.Write(p)
}

func (c *clipped) text(v room.Visitor) string {
	s := strings.ToValidUTF8(c.String(), "")
	if c.over {
		s += "\n" + say(v, "The rest is cut off here; the CLI shows it.", "以降は省略しました。CLI で確認できます。")
	}
	return s
}
