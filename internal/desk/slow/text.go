package slow

import (
	"fmt"
	"io"
	"time"

	"tamachi/internal/desk/report"
)

// text is everything that the diagnosis says to a person.
var text = struct {
	Head, Nothing, NotAvailable, Above, DiskFull, FreeSpace, Hog, Stop, MemoryFull, NoLarger, SizeUp, SizeUpNoPrice, LookAtPath,
	Resize, ResizeAtMost, ResizeNoPrice, Lost, NoReason, TooSoon, OneOnly, Fix,
	Changed, Top, Unprobed, Unanswered, NoMetrics, Propose report.Message
}{
	Head:         report.Message{En: "{desktop} of {user}: {compute} {mode}", Ja: "{user} の {desktop}: {compute} {mode}"},
	Nothing:      report.Message{En: "nothing that was measured is above its threshold", Ja: "測定した値に閾値を超えるものはない"},
	NotAvailable: report.Message{En: "the desktop is {state}: nothing can be measured", Ja: "デスクトップは {state} のため測定できない"},
	Above:        report.Message{En: "{metric} is {value}, above {threshold} for {minutes} minutes", Ja: "{metric} は {value}、{minutes} 分間 {threshold} を超えている"},
	DiskFull:     report.Message{En: "{disk} is {value}% full", Ja: "{disk} の使用率は {value}%"},
	FreeSpace:    report.Message{En: "free space on {disk}, or a larger volume", Ja: "{disk} の空きを増やすか、ボリュームを拡張する"},
	Hog:          report.Message{En: "{name} ({n}) uses {percent}% of all CPUs", Ja: "{name} ({n}) が全 CPU の {percent}% を使用"},
	Stop:         report.Message{En: "ask the user to end {name}, or stop process {pid}", Ja: "利用者に {name} の終了を依頼するか、プロセス {pid} を停止する"},
	MemoryFull:   report.Message{En: "{value}% of the memory is in use", Ja: "メモリー使用率は {value}%"},
	NoLarger:     report.Message{En: "there is no size above {size}", Ja: "{size} より大きいサイズはない"},
	SizeUp:       report.Message{En: "one size up: {from} to {to}, {more} {currency} more a {unit} (prices of {date})", Ja: "1 段階大きくする: {from} から {to}、{unit} あたり {more} {currency} 増 ({date} の価格)"},
	SizeUpNoPrice: report.Message{
		En: "one size up: {from} to {to}; no price is known (--prices)", Ja: "1 段階大きくする: {from} から {to}。価格は不明 (--prices で指定)",
	},
	Resize:       report.Message{En: "one size up for {user}, {from} to {to}: {more} {currency} more a month", Ja: "{user} のデスクトップを 1 段階大きくする、{from} から {to}: 月 {more} {currency} 増"},
	ResizeAtMost: report.Message{En: "one size up for {user}, {from} to {to}: at most {more} {currency} more a month", Ja: "{user} のデスクトップを 1 段階大きくする、{from} から {to}: 月 最大 {more} {currency} 増"},
	ResizeNoPrice: report.Message{
		En: "one size up for {user}, {from} to {to}: no price is known", Ja: "{user} のデスクトップを 1 段階大きくする、{from} から {to}: 価格は不明",
	},
	Lost: report.Message{En: "the session ends while it is changed: what is not saved", Ja: "変更中はセッションが切れるため、保存していないもの"},
	NoReason: report.Message{
		En: "nothing that was found asks for a larger size, or there is none", Ja: "大きいサイズが必要な所見がないか、より大きいサイズがない",
	},
	TooSoon: report.Message{
		En: "changed to {size} at {time}: AWS takes the next change {hours} hours later; look again then", Ja: "{time} に {size} へ変更済み。AWS が次の変更を受け付けるのは {hours} 時間後",
	},
	OneOnly:    report.Message{En: "{name} has {n} desktops: name one", Ja: "{name} のデスクトップは {n} 台。1 台を指定してください"},
	Fix:        report.Message{En: "with an approval where one is due: {command}", Ja: "必要な承認を得て実施: {command}"},
	LookAtPath: report.Message{En: "the way to the desktop is slow, not the desktop: tamachi diagnose client", Ja: "デスクトップではなく通信経路が遅い: tamachi diagnose client"},
	Changed:    report.Message{En: "changed: {time} {event} by {by}", Ja: "変更: {time} {by} が {event}"},
	Top:        report.Message{En: "programs at this moment, % of all CPUs", Ja: "現在のプログラム (全 CPU に対する %)"},
	Unprobed:   report.Message{En: "not asked itself: {why}", Ja: "デスクトップ自身には確認できず: {why}"},
	Unanswered: report.Message{En: "not known: {problem}", Ja: "不明: {problem}"},
	NoMetrics:  report.Message{En: "no metric of the last two hours", Ja: "直近 2 時間のメトリクスがない"},
	Propose:    report.Message{En: "proposal: {what}", Ja: "提案: {what}"},
}

// shown is how many programs a person sees.
const shown = 5

// sheet prints the diagnoses of all desktops that were asked for.
type sheet struct {
	Plans []*Plan `json:"desktops"`
	zone  *time.Location
}

// Write prints them for a person.
func (s sheet) Write(w io.Writer, lang report.Lang) error {
	for i, p := range s.Plans {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := p.write(w, lang, s.zone); err != nil {
			return err
		}
	}
	return nil
}

func (p *Plan) write(w io.Writer, lang report.Lang, zone *time.Location) error {
	say := func(m report.Message, pairs ...any) { fmt.Fprintln(w, report.Say(m, pairs...).In(lang)) }
	say(text.Head, "desktop", p.Desktop, "user", p.User, "compute", p.Compute, "mode", p.Mode)
	if p.Node != nil {
		fmt.Fprintln(w, p.Node.Line().In(lang))
	}
	for _, f := range p.Findings {
		fmt.Fprintln(w, "  "+f.Kind+": "+f.Evidence.In(lang))
	}
	if len(p.Findings) == 0 {
		say(text.Nothing)
	}
	if len(p.Metrics) == 0 && p.State == "AVAILABLE" {
		say(text.NoMetrics)
	}
	for _, line := range p.Graph {
		fmt.Fprintln(w, "  "+line)
	}
	if p.Load != nil && len(p.Load.Processes) > 0 {
		say(text.Top)
		var t report.Table
		for _, one := range p.Load.Processes[:min(shown, len(p.Load.Processes))] {
			t.Rows = append(t.Rows, []string{fmt.Sprintf("%3.0f%%", one.Percent), one.Name, fmt.Sprintf("%d MiB", int(one.MemoryKiB/1024))})
		}
		if err := t.Write(w, "  "); err != nil {
			return err
		}
	}
	for _, c := range p.Changes {
		say(text.Changed, "time", c.Time.In(zone).Format("2006-01-02 15:04"), "event", c.Event, "by", c.By)
	}
	for _, one := range p.Proposals {
		say(text.Propose, "what", one.What.In(lang))
		if one.Command != "" {
			fmt.Fprintln(w, "  "+report.Plain(one.Command))
		}
		if one.Kind == "size-up" && p.up != nil {
			say(text.Fix, "command", "tamachi diagnose slow "+p.Desktop+" --fix "+resize)
		}
	}
	if p.Unprobed != nil {
		say(text.Unprobed, "why", p.Unprobed.In(lang))
	}
	for _, m := range p.Missing {
		say(text.Unanswered, "problem", m.In(lang))
	}
	return nil
}
