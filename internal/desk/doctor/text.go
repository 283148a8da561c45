package doctor

import (
	"fmt"
	"io"

	"tamachi/internal/desk/report"
)

// text is everything that the diagnosis says to a person.
var text = struct {
	Head, Nothing, State, Clock, Disk, Shell, Profile, Logon, LogonFailed, Files, Unrepaired, Suspect, Unprobed, Unanswered,
	LadderHead, Advised, LostNothing, LostUnsaved, LostSince, LostSystem, LostAll, NoRung, What, Why, OneOnly,
	SuspectNear, HistoryHead, NoName, NoNode, NothingKept, WayBack, NoWayBack, End, MakeNew report.Message
}{
	Head:        report.Message{En: "{desktop} of {user}: {state}", Ja: "{user} の {desktop}: {state}"},
	Nothing:     report.Message{En: "nothing is found broken", Ja: "異常は見つからない"},
	State:       report.Message{En: "the desktop is {state} {error}", Ja: "デスクトップは {state} {error}"},
	Clock:       report.Message{En: "its clock says {clock}, off by {skew}", Ja: "時計が {clock} で、{skew} ずれている"},
	Disk:        report.Message{En: "{disk} is {percent}% full", Ja: "{disk} の使用率は {percent}%"},
	Shell:       report.Message{En: "no window manager or shell is running: no icons, no menu", Ja: "シェルが動いていない (アイコンもメニューも出ない)"},
	Profile:     report.Message{En: "the profile is damaged: {kind} {what}", Ja: "プロファイルが壊れている: {kind} {what}"},
	Logon:       report.Message{En: "the logon script is not there: {what}", Ja: "ログオンスクリプトがない: {what}"},
	LogonFailed: report.Message{En: "the logon script failed: {what}", Ja: "ログオンスクリプトが失敗した: {what}"},
	Files:       report.Message{En: "files of the system are damaged: {what}", Ja: "システムファイルが壊れている: {what}"},
	Unrepaired:  report.Message{En: "files of the system are damaged, and Windows cannot repair some of them", Ja: "システムファイルが壊れていて、一部は Windows では修復できない"},
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
	SuspectNear: report.Message{En: "installed at {time}, shortly before {broken}, when the damage was done: {name}", Ja: "{time} にインストール ({broken} の破損の直前): {name}"},
	HistoryHead: report.Message{En: "taken before", Ja: "これまでの対処"},
	NoName:      report.Message{En: "{user} is no name of an account that can be asked about", Ja: "{user} は確認に使えるアカウント名ではない"},
	NoNode:      report.Message{En: "repair goes by Run Command, and the desktop cannot be asked: {why}", Ja: "repair は Run Command で行うが、デスクトップに接続できない: {why}"},
	NothingKept: report.Message{En: "no API keeps the user volume of a desktop that is terminated: save what matters first (restore and rebuild keep it)", Ja: "終了するデスクトップのユーザーボリュームを残す API はない。必要なファイルは先に退避する (restore と rebuild なら残る)"},
	WayBack:     report.Message{En: "until the next snapshot, tamachi plan undo goes back to that of {time}, both volumes", Ja: "次のスナップショットまでは、tamachi plan undo で {time} の状態 (両ボリューム) に戻せる"},
	NoWayBack:   report.Message{En: "there is no snapshot to go back to, and no API makes one at once", Ja: "戻れるスナップショットがない (すぐに作る API もない)"},
	End:         report.Message{En: "terminate the broken desktop of {user}", Ja: "{user} の壊れたデスクトップを終了"},
	MakeNew:     report.Message{En: "make {user} a new desktop of {bundle}, like the old one", Ja: "{user} に {bundle} の新しいデスクトップを同じ設定で作成"},
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
		if p.Unprobed != nil {
			say(text.Unprobed, "why", p.Unprobed.In(lang))
		}
		for _, m := range p.Missing {
			say(text.Unanswered, "problem", m.In(lang))
		}
		if err := p.tell(w, lang); err != nil {
			return err
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

// tell prints the rungs that were taken before.
func (p *Plan) tell(w io.Writer, lang report.Lang) error {
	if len(p.History) == 0 {
		return nil
	}
	fmt.Fprintln(w, text.HistoryHead.In(lang))
	var t report.Table
	for _, a := range p.History {
		t.Rows = append(t.Rows, []string{stamp(a.At), a.Rung, a.State, a.Note, a.Plan})
	}
	return t.Write(w, "  ")
}
