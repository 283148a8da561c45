package cost

import "tamachi/internal/desk/report"

// text is everything that the duty says to a person.
var text = struct {
	Exempt, Untagged, OtherMode, State, HasLeft, OnLeave, LongAgo, Never, IdleOn, NoHours, TooNew, BelowEven, AroundEven, AboveEven,
	Right, Summary, Money, NoMoney, NoPrice, Source, Unanswered, Nothing, More, Threshold, Low, Place,
	ColumnUser, ColumnDesktop, ColumnMode, ColumnLogin, ColumnHours, ColumnMonth, ColumnNow, ColumnEven, ColumnDo, ColumnSaving, ColumnWhy,
	DoKeep, DoAutoStop, DoAlwaysOn, DoAsk, AskToo, NeverShort report.Message
}{
	Exempt:     report.Message{En: `exempt by its tag {tag}`, Ja: `タグ {tag} により対象外`},
	Untagged:   report.Message{En: `its tags could not be read, so it may be exempt`, Ja: `タグを読めないため、対象外かもしれない`},
	OtherMode:  report.Message{En: `its running mode is {mode}`, Ja: `実行モードが {mode}`},
	State:      report.Message{En: `it is {state}`, Ja: `状態が {state}`},
	HasLeft:    report.Message{En: `{user} has left the company (HR)`, Ja: `{user} は退職済み (人事)`},
	OnLeave:    report.Message{En: `{user} is on leave (HR)`, Ja: `{user} は休職中 (人事)`},
	LongAgo:    report.Message{En: `last login {day}, {n} days ago`, Ja: `最終ログイン {day}、{n} 日前`},
	Never:      report.Message{En: `nobody connected in {n} days or more`, Ja: `{n} 日以上、接続なし`},
	IdleOn:     report.Message{En: `ALWAYS_ON for nobody`, Ja: `使われないまま ALWAYS_ON`},
	NoHours:    report.Message{En: `its hours are not known`, Ja: `利用時間が不明`},
	TooNew:     report.Message{En: `known for {n} {n|day|days} only, want {days}`, Ja: `記録が {n} 日分のみ、{days} 日分が必要`},
	BelowEven:  report.Message{En: `{hours} h a month on AUTO_STOP, cheaper below {even} h`, Ja: `AUTO_STOP なら月 {hours} 時間、{even} 時間未満なら安い`},
	AroundEven: report.Message{En: `{hours} h a month on AUTO_STOP, around the {even} h where both cost the same`, Ja: `AUTO_STOP なら月 {hours} 時間、損益分岐 {even} 時間の前後`},
	AboveEven:  report.Message{En: `{hours} h a month, ALWAYS_ON is cheaper above {even} h`, Ja: `月 {hours} 時間、{even} 時間を超えると ALWAYS_ON が安い`},
	Right:      report.Message{En: `right as it is: {hours} h a month, break-even {even} h`, Ja: `このままでよい: 月 {hours} 時間、損益分岐 {even} 時間`},
	Summary: report.Message{
		En: `{n} {n|desktop|desktops}: {on} ALWAYS_ON, {off} AUTO_STOP; {change} to change, {ask} to ask about, {exempt} exempt`,
		Ja: `デスクトップ {n} 台: ALWAYS_ON {on}、AUTO_STOP {off}、変更候補 {change}、確認候補 {ask}、対象外 {exempt}`,
	},
	Money: report.Message{
		En: `{cost} {currency} a month; the changes save at least {saving} {currency}`,
		Ja: `月 {cost} {currency}、変更で少なくとも {saving} {currency} の節約`,
	},
	NoMoney: report.Message{
		En: `no prices given, so the threshold of {hours} h holds; --prices FILE --os NAME tells what it costs`,
		Ja: `価格表がないため、しきい値 {hours} 時間で判定。--prices FILE --os NAME で金額を表示`,
	},
	NoPrice:       report.Message{En: `no price, and not in the sums: {what}`, Ja: `価格がなく合計に含まない: {what}`},
	Source:        report.Message{En: `prices of {region}: {source}`, Ja: `{region} の価格: {source}`},
	Unanswered:    report.Message{En: `not known: {problem}`, Ja: `不明: {problem}`},
	Nothing:       report.Message{En: `nothing to change`, Ja: `変更なし`},
	More:          report.Message{En: `and {n} more that are right as they are (--all shows them)`, Ja: `ほか {n} 台はそのままでよい (--all で表示)`},
	Threshold:     report.Message{En: `{hours} h`, Ja: `{hours} 時間`},
	Low:           report.Message{En: `(few data)`, Ja: `(データ少)`},
	Place:         report.Message{En: `== {title}`, Ja: `== {title}`},
	ColumnUser:    report.Message{En: `user`, Ja: `ユーザー`},
	ColumnDesktop: report.Message{En: `desktop`, Ja: `デスクトップ`},
	ColumnMode:    report.Message{En: `mode`, Ja: `モード`},
	ColumnLogin:   report.Message{En: `last login`, Ja: `最終ログイン`},
	ColumnHours:   report.Message{En: `h this month`, Ja: `今月 (h)`},
	ColumnMonth:   report.Message{En: `h a month`, Ja: `月あたり (h)`},
	ColumnNow:     report.Message{En: `cost`, Ja: `費用`},
	ColumnEven:    report.Message{En: `even at`, Ja: `損益分岐`},
	ColumnDo:      report.Message{En: `proposal`, Ja: `提案`},
	ColumnSaving:  report.Message{En: `saves`, Ja: `節約`},
	ColumnWhy:     report.Message{En: `why`, Ja: `理由`},
	DoKeep:        report.Message{En: `keep`, Ja: `維持`},
	DoAutoStop:    report.Message{En: `to AUTO_STOP`, Ja: `AUTO_STOP へ`},
	DoAlwaysOn:    report.Message{En: `to ALWAYS_ON`, Ja: `ALWAYS_ON へ`},
	DoAsk:         report.Message{En: `ask {owner}`, Ja: `{owner} に確認`},
	AskToo:        report.Message{En: `{do}, ask {owner}`, Ja: `{do}、{owner} に確認`},
	NeverShort:    report.Message{En: `never`, Ja: `なし`},
}
