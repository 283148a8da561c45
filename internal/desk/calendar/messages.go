package calendar

import "tamachi/internal/desk/report"

// text is everything that this package says to a person.
var text = struct {
	Name, AlwaysOn, AlwaysOnWhy, AutoStop, AutoStopWhy, Window, WindowWhy, Plan, PlanWhy,
	Updated, Unanswered, None, Cancelled, NoAddress, ColumnFrom, ColumnTo, ColumnWhat report.Message
}{
	Name:     report.Message{En: "Maintenance of desktops", Ja: "デスクトップのメンテナンス"},
	AlwaysOn: report.Message{En: "AWS maintenance: ALWAYS_ON desktops of {directories}", Ja: "AWS メンテナンス: {directories} の ALWAYS_ON デスクトップ"},
	AlwaysOnWhy: report.Message{
		En: "Desktops may restart. Save your work and sign out the evening before. Time zone {zone}.",
		Ja: "デスクトップが再起動することがあります。前日の夕方に保存してサインアウトしてください。タイムゾーン {zone}。",
	},
	AutoStop: report.Message{En: "AWS maintenance: AUTO_STOP desktops of {directories}", Ja: "AWS メンテナンス: {directories} の AUTO_STOP デスクトップ"},
	AutoStopWhy: report.Message{
		En: "In one of these nights each desktop is started, updated and stopped. Save your work and sign out the evening before. Time zone {zone}.",
		Ja: "この期間のいずれかの夜に、各デスクトップが起動・更新・停止されます。前日の夕方に保存してサインアウトしてください。タイムゾーン {zone}。",
	},
	Window:    report.Message{En: "Maintenance window {name}", Ja: "メンテナンスウィンドウ {name}"},
	WindowWhy: report.Message{En: "Systems Manager {id} in {place}", Ja: "Systems Manager {id} ({place})"},
	Plan:      report.Message{En: "Changes to desktops: {duty}, {n} {n|step|steps}", Ja: "デスクトップの変更: {duty} ({n} 件)"},
	PlanWhy: report.Message{
		En: "Plan {plan}, in the window {window}. {reason} Save your work and sign out before.",
		Ja: "計画 {plan}、時間帯 {window}。{reason} 事前に保存してサインアウトしてください。",
	},
	Updated:    report.Message{En: "{n} {n|event|events}, {new} new or changed, {gone} called off", Ja: "予定 {n} 件、新規・変更 {new} 件、取り消し {gone} 件"},
	Unanswered: report.Message{En: "{place}: not known, and left as it was: {problem}", Ja: "{place}: 不明のため前回のまま: {problem}"},
	None:       report.Message{En: "no maintenance is known; tamachi calendar update asks the accounts", Ja: "メンテナンスの予定はありません。tamachi calendar update で更新します"},
	Cancelled:  report.Message{En: "called off: {what}", Ja: "取り消し: {what}"},
	NoAddress: report.Message{
		En: "the settings have no answers.url, the address of tamachi notice serve",
		Ja: "設定に answers.url (tamachi notice serve のアドレス) がありません",
	},
	ColumnFrom: report.Message{En: "FROM", Ja: "開始"},
	ColumnTo:   report.Message{En: "TO", Ja: "終了"},
	ColumnWhat: report.Message{En: "WHAT", Ja: "内容"},
}
