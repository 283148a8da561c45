package exception

import "tamachi/internal/desk/report"

// text is everything that this package says to a person.
var text = struct {
	What, Why, Removes, IsOver, None, NothingOver, WhichDirectory, NoReason,
	ColumnPlan, ColumnKind, ColumnUser, ColumnUntil, ColumnState, ColumnReason,
	Waiting, InForce, Over, Ended, Idle report.Message
}{
	What:    report.Message{En: "{kind} exception for {user} until {until}: into the group {group}", Ja: "{user} の {kind} 例外 ({until} まで): グループ {group} に追加"},
	Why:     report.Message{En: "{reason}", Ja: "{reason}"},
	Removes: report.Message{En: "{kind} exception of {user} ends: out of the group {group}", Ja: "{user} の {kind} 例外を終了: グループ {group} から削除"},
	IsOver:  report.Message{En: "over since {until} ({plan})", Ja: "{until} に期限切れ ({plan})"},
	None:    report.Message{En: "no exceptions", Ja: "例外はありません"},
	NothingOver: report.Message{
		En: "no exception is over", Ja: "期限切れの例外はありません",
	},
	WhichDirectory: report.Message{
		En: "{n} directories have desktops here; choose by --directory",
		Ja: "デスクトップ用のディレクトリが {n} 個あります。--directory で指定してください",
	},
	NoReason:     report.Message{En: "--reason is wanted: why is the exception needed?", Ja: "--reason で例外が必要な理由を書いてください"},
	ColumnPlan:   report.Message{En: "PLAN", Ja: "計画"},
	ColumnKind:   report.Message{En: "KIND", Ja: "種類"},
	ColumnUser:   report.Message{En: "USER", Ja: "ユーザー"},
	ColumnUntil:  report.Message{En: "UNTIL", Ja: "期限"},
	ColumnState:  report.Message{En: "STATE", Ja: "状態"},
	ColumnReason: report.Message{En: "REASON", Ja: "理由"},
	Waiting:      report.Message{En: "waiting", Ja: "承認待ち・未適用"},
	InForce:      report.Message{En: "in force", Ja: "有効"},
	Over:         report.Message{En: "over, to be ended", Ja: "期限切れ (要終了)"},
	Ended:        report.Message{En: "ended", Ja: "終了"},
	Idle:         report.Message{En: "was a member before", Ja: "以前からメンバー"},
}

func (s State) message() report.Message {
	switch s {
	case InForce:
		return text.InForce
	case Over:
		return text.Over
	case Ended:
		return text.Ended
	case Idle:
		return text.Idle
	case Waiting:
	}
	return text.Waiting
}
