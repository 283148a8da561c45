package notice

import "tamachi/internal/desk/report"

// text is everything that this package says to a person.
var text = struct {
	Why, Do, Digest, JobFailed, JobWhy, JobDo, Announce, AnnounceWhy, Digested, Sent, NoRule, Answer,
	AllSent, Waits, Owed, Lost, Given, ColumnAt, ColumnState, ColumnPlace, ColumnWhat report.Message
}{
	Why:       report.Message{En: "Why: {why}", Ja: "理由: {why}"},
	Do:        report.Message{En: "What to do: {do}", Ja: "お願い: {do}"},
	Digest:    report.Message{En: "{n} notices of the quiet hours", Ja: "時間外のお知らせ {n} 件"},
	JobFailed: report.Message{En: "The scheduled job {job} failed: {how}", Ja: "定期処理 {job} が失敗しました: {how}"},
	JobWhy:    report.Message{En: "its last output was: {output}", Ja: "最後の出力: {output}"},
	JobDo:     report.Message{En: "look at it and run it again: {command}", Ja: "確認して再実行してください: {command}"},
	Announce:  report.Message{En: "announce to everyone in {channel}: {what}", Ja: "{channel} の全員へ告知: {what}"},
	AnnounceWhy: report.Message{
		En: "{reason}", Ja: "{reason}",
	},
	Digested: report.Message{En: "{n} {n|notice|notices} sent", Ja: "{n|お知らせ|お知らせ} {n} 件を送信しました"},
	Sent:     report.Message{En: "sent, or kept until the quiet hours are over", Ja: "送信しました (時間外の場合は終了まで保留)"},
	NoRule: report.Message{
		En: "an announcement to everyone needs an approval, and the settings have no rule for it (approvals: announcement)",
		Ja: "全員への告知には承認が必要ですが、設定にルールがありません (approvals: announcement)",
	},
	AllSent:     report.Message{En: "all is sent", Ja: "未送信のお知らせはありません"},
	Waits:       report.Message{En: "for the morning", Ja: "朝に送信"},
	Owed:        report.Message{En: "tried again", Ja: "再送待ち"},
	Lost:        report.Message{En: "refused", Ja: "宛先が拒否"},
	Given:       report.Message{En: "given up", Ja: "送信を断念"},
	ColumnAt:    report.Message{En: "SINCE", Ja: "日時"},
	ColumnState: report.Message{En: "STATE", Ja: "状態"},
	ColumnPlace: report.Message{En: "TO", Ja: "宛先"},
	ColumnWhat:  report.Message{En: "WHAT", Ja: "内容"},
	Answer:      report.Message{En: "Answer here: {link}", Ja: "回答はこちら: {link}"},
}
