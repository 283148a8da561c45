package share

import (
	"fmt"
	"io"

	"tamachi/internal/desk/report"
)

// text is everything that the diagnosis says to a person.
var text = struct {
	Head, Good, Bad, Unknown, Untried, DNS, Name, Port, NoAddress, NotTried, Address, PortOpen, PortSilent, PortRefused,
	Credentials, AccountOn, AccountOff, AccountGone, AccountUnknown, Script, ScriptThere, ScriptMissing, ScriptFailed, ScriptNone, NotKnown,
	DNSIs, DNSAsExpected, DNSNone, DNSDiffers, Next, Unprobed, NotAsked report.Message
}{
	Head:        report.Message{En: "{desktop} of {user} to {host}", Ja: "{user} の {desktop} から {host} へ"},
	Good:        report.Message{En: "ok", Ja: "正常"},
	Bad:         report.Message{En: "NO", Ja: "不可"},
	Unknown:     report.Message{En: "?", Ja: "不明"},
	Untried:     report.Message{En: "-", Ja: "-"},
	DNS:         report.Message{En: "DNS servers", Ja: "DNS サーバー"},
	Name:        report.Message{En: "name", Ja: "名前解決"},
	Port:        report.Message{En: "TCP 445", Ja: "TCP 445"},
	NoAddress:   report.Message{En: "{host} has no address for this desktop", Ja: "このデスクトップから {host} のアドレスを引けない"},
	NotTried:    report.Message{En: "not tried", Ja: "未確認"},
	Address:     report.Message{En: "{host} is {addresses}", Ja: "{host} は {addresses}"},
	PortOpen:    report.Message{En: "{host} takes connections", Ja: "{host} は接続を受け付ける"},
	PortSilent:  report.Message{En: "{host} does not answer within 5 seconds", Ja: "{host} が 5 秒以内に応答しない"},
	PortRefused: report.Message{En: "{host} refuses, or cannot be reached", Ja: "{host} が接続を拒否しているか、到達できない"},
	Credentials: report.Message{En: "credentials", Ja: "資格情報"},
	AccountOn: report.Message{
		En: "{user} is enabled in {directory}; not asked: the password, whether it expired or is locked, rights on the share itself",
		Ja: "{user} は {directory} で有効。パスワード、期限切れ、ロック、共有自体の権限は対象外",
	},
	AccountOff:     report.Message{En: "{user} is disabled in {directory}", Ja: "{user} は {directory} で無効"},
	AccountGone:    report.Message{En: "there is no user {user} in {directory}", Ja: "{directory} に {user} がいない"},
	AccountUnknown: report.Message{En: "not known whether {user} is enabled", Ja: "{user} が有効かどうか不明"},
	Script:         report.Message{En: "logon script", Ja: "ログオンスクリプト"},
	ScriptThere:    report.Message{En: "it is there {what}", Ja: "スクリプトあり {what}"},
	ScriptMissing:  report.Message{En: "it is not there, so no drive is mapped: {what}", Ja: "見つからず、ドライブが割り当てられない: {what}"},
	ScriptFailed:   report.Message{En: "it failed, so a drive may not be mapped: {what}", Ja: "失敗し、ドライブが割り当てられていない可能性がある: {what}"},
	ScriptNone:     report.Message{En: "the desktop knows of none that would map a drive", Ja: "ドライブを割り当てるスクリプトはデスクトップに設定されていない"},
	NotKnown:       report.Message{En: "not known: {problem}", Ja: "不明: {problem}"},
	DNSIs:          report.Message{En: "not known which are expected; it has {have}", Ja: "期待値は不明。現在は {have}"},
	DNSAsExpected:  report.Message{En: "as expected: {have}", Ja: "期待どおり: {have}"},
	DNSNone:        report.Message{En: "it has none; expected {want}", Ja: "設定がない。期待値は {want}"},
	DNSDiffers:     report.Message{En: "it has {have}; expected {want}", Ja: "{have} になっている。期待値は {want}"},
	Next:           report.Message{En: "next: {command}", Ja: "次に: {command}"},
	Unprobed:       report.Message{En: "the desktop could not be asked: {why}", Ja: "デスクトップに確認できない: {why}"},
	NotAsked:       report.Message{En: "not asked: the password, rights on the share itself, what the logon script does", Ja: "対象外: パスワード、共有自体の権限、ログオンスクリプトの内容"},
}

var (
	facts = map[string]report.Message{"dns": text.DNS, "name": text.Name, "port": text.Port, "credentials": text.Credentials, "script": text.Script}
	marks = map[Verdict]report.Message{Good: text.Good, Bad: text.Bad, Unknown: text.Unknown, Untried: text.Untried}
)

// sheet prints the diagnoses of all desktops that were asked for.
type sheet struct {
	Plans []*Plan `json:"desktops"`
}

// Write prints them for a person.
func (s sheet) Write(w io.Writer, lang report.Lang) error {
	say := func(m report.Message, pairs ...any) { fmt.Fprintln(w, report.Say(m, pairs...).In(lang)) }
	for _, p := range s.Plans {
		say(text.Head, "desktop", p.Desktop, "user", p.User, "host", p.Host)
		if p.Node != nil {
			fmt.Fprintln(w, p.Node.Line().In(lang))
		}
		var t report.Table
		for _, f := range p.Findings {
			t.Rows = append(t.Rows, []string{facts[f.Fact].In(lang), marks[f.Verdict].In(lang), f.Evidence.In(lang)})
		}
		if err := t.Write(w, "  "); err != nil {
			return err
		}
		for _, f := range p.Findings {
			if f.Next != "" {
				say(text.Next, "command", f.Next)
			}
		}
		if p.Unprobed != nil {
			say(text.Unprobed, "why", p.Unprobed.In(lang))
		}
		if p.Unanswered != nil {
			say(text.NotKnown, "problem", p.Unanswered.In(lang))
		}
	}
	say(text.NotAsked)
	return nil
}
