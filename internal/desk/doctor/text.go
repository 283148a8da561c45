package doctor

import (
	"fmt"
	"io"

	"tamachi/internal/desk/report"
)

// text is everything that the diagnosis says to a person.
var text = struct {
	Head, Nothing, State, Clock, Disk, Shell, Profile, Logon, Files, Unrepaired, Suspect, Unprobed, Unanswered,
	LadderHead, Advised, LostNothing, LostUnsaved, LostSince, LostSystem, LostAll, NoRung, What, Why, OneOnly report.Message
}{
	Head:        report.Message{En: "{desktop} of {user}: {state}", Ja: "{user} の {desktop}: {state}"},
	Nothing:     report.Message{En: "nothing is found broken", Ja: "異常は見つからない"},
	State:       report.Message{En: "the desktop is {state} {error}", Ja: "デスクトップは {state} {error}"},
	Clock:       report.Message{En: "its clock says {clock}, off by {skew}", Ja: "時計が {clock} で、{skew} ずれている"},
	Disk:        report.Message{En: "{disk} is {percent}% full", Ja: "{disk} の使用率は {percent}%"},
	Shell:       report.Message{En: "no window manager or shell is running: no icons, no menu", Ja: "シェルが動いていない (アイコンもメニューも出ない)"},
	Profile:     report.Message{En: "the profile is damaged: {kind} {what}", Ja: "プロファイルが壊れている: {kind} {what}"},
	Logon:       report.Message{En: "the logon script is not there: {what}", Ja: "ログオンスクリプトがない: {what}"},
	Files:       report.Message{En: "files of the system are damaged: {what}", Ja: "システムファイルが壊れている: {what}"},
	Unrepaired:  report.Message{En: "sfc found damaged files and could not repair some", Ja: "sfc が破損を見つけたが、一部を修復できなかった"},
	Suspect:     report.Message{En: "installed at {time}: {name}", Ja: "{time} にインストール: {name}"},
	Unprobed:    report.Message{En: "not looked at from inside: {why}", Ja: "内部は確認できず: {why}"},
	Unanswered:  report.Message{En: "not known: {problem}", Ja: "不明: {problem}"},
	LadderHead:  report.Message{En: "repairs, the gentlest first, and what each loses", Ja: "修復手段 (影響の小さい順) と失われるもの"},
	Advised:     report.Message{En: "<- the gentlest that can help", Ja: "<- 効果が見込める最小の手段"},
	LostNothing: report.Message{En: "nothing", Ja: "なし"},
	LostUnsaved: report.Message{En: "what is not saved, and open programs", Ja: "未保存の作業と開いているプログラム"},
	LostSince:   report.Message{En: "everything since the snapshot of {time}, on both volumes", Ja: "{time} のスナップショット以降の両ボリュームの変更"},
	LostSystem:  report.Message{En: "programs and settings of the system; of the user's files what is newer than {time}, where there is a snapshot", Ja: "システム側のプログラムと設定。利用者のファイルはスナップショット ({time}) より新しいもの"},
	LostAll:     report.Message{En: "everything, the user's files too; another id", Ja: "利用者のファイルを含むすべて。ID も変わる"},
	NoRung:      report.Message{En: "{rung} is not possible: there is no snapshot to restore from", Ja: "{rung} はできない: 復元元のスナップショットがない"},
	What:        report.Message{En: "{rung} the desktop of {user}", Ja: "{user} のデスクトップを {rung}"},
	Why:         report.Message{En: "found: {kinds}", Ja: "所見: {kinds}"},
	OneOnly:     report.Message{En: "{name} has {n} desktops: --fix goes with one", Ja: "{name} のデスクトップは {n} 台ある。--fix は 1 台を指定する"},
}

// sheet prints the diagnoses of all desktops that were asked for.
type sheet struct {
	Plans []*Plan `json:"desktops"`
}

// Write prints them for a person.
func (s sheet) Write(w io.Writer, lang report.Lang) error {
	say := func(m report.Message, pairs ...any) { fmt.Fprintln(w, report.Say(m, pairs...).In(lang)) }
	for _, p := range s.Plans {
		say(text.Head, "desktop", p.Desktop, "user", p.User, "state", p.State)
		if p.Node != nil {
			fmt.Fprintln(w, p.Node.Line().In(lang))
		}
		for _, f := range p.Findings {
			fmt.Fprintln(w, "  "+f.Kind+": "+f.Evidence.In(lang))
		}
		if p.Unprobed != "" {
			say(text.Unprobed, "why", p.Unprobed)
		}
		for _, m := range p.Missing {
			say(text.Unanswered, "problem", m.In(lang))
		}
		if len(p.Findings) == 0 {
			say(text.Nothing)
			continue
		}
		say(text.LadderHead)
		var t report.Table
		for _, r := range p.Ladder {
			row := []string{r.Name, r.Lost.In(lang)}
			if r.Advised {
				row = append(row, text.Advised.In(lang))
			}
			t.Rows = append(t.Rows, row)
		}
		if err := t.Write(w, "  "); err != nil {
			return err
		}
		for _, r := range p.Ladder {
			if r.Advised {
				fmt.Fprintln(w, "  "+report.Plain(r.Command))
			}
		}
	}
	return nil
}
