package approval

import (
	"errors"

	"tamachi/internal/desk/report"
)

// text is everything that this package says to a person.
var text = struct {
	Title, For, Reason, Evidence, RuleAgrees, RuleAsks, Stage, Voted, Against, Waits, Until, None,
	Pending, Approved, Rejected, Expired,
	ColumnID, ColumnState, ColumnSubject, ColumnBy, ColumnUntil, ColumnWaits,
	Unknown, Self, NotAsked, Twice, Closed, Late, NoReason, Nobody, Counted, Asks, Answer, Untold report.Message
}{
	Title:         report.Message{En: "request {id}: {title}, asked by {by} on {time}", Ja: "申請 {id}: {title}、{time} に {by} が申請"},
	For:           report.Message{En: "for {people}", Ja: "対象者 {people}"},
	Reason:        report.Message{En: "reason: {reason}", Ja: "理由: {reason}"},
	Evidence:      report.Message{En: "evidence: {evidence}", Ja: "根拠: {evidence}"},
	RuleAgrees:    report.Message{En: "agreed by the rule {rule}: {why}", Ja: "規則 {rule} により承認: {why}"},
	RuleAsks:      report.Message{En: "the rule {rule} does not agree: {why}", Ja: "規則 {rule} では承認されない: {why}"},
	Stage:         report.Message{En: "stage {n} {name}: {need} of {people}", Ja: "第 {n} 段階 {name}: {people} のうち {need} 名"},
	Voted:         report.Message{En: "agreed: {person} on {time} by {via} {reason}", Ja: "承認: {person} ({time}、{via}) {reason}"},
	Against:       report.Message{En: "refused: {person} on {time} by {via}: {reason}", Ja: "却下: {person} ({time}、{via}): {reason}"},
	Waits:         report.Message{En: "waits for {people}: tamachi approval approve {id}", Ja: "{people} の承認待ち: tamachi approval approve {id}"},
	Until:         report.Message{En: "holds until {time}", Ja: "有効期限 {time}"},
	None:          report.Message{En: "no requests", Ja: "申請はありません"},
	Pending:       report.Message{En: "waiting", Ja: "承認待ち"},
	Approved:      report.Message{En: "agreed", Ja: "承認済み"},
	Rejected:      report.Message{En: "refused", Ja: "却下"},
	Expired:       report.Message{En: "expired", Ja: "期限切れ"},
	ColumnID:      report.Message{En: "REQUEST", Ja: "申請"},
	ColumnState:   report.Message{En: "STATE", Ja: "状態"},
	ColumnSubject: report.Message{En: "WHAT", Ja: "内容"},
	ColumnBy:      report.Message{En: "BY", Ja: "申請者"},
	ColumnUntil:   report.Message{En: "UNTIL", Ja: "期限"},
	ColumnWaits:   report.Message{En: "WAITS FOR", Ja: "承認者"},
	Unknown:       report.Message{En: "there is no request {id}; tamachi approval list lists them", Ja: "申請 {id} はありません。tamachi approval list で一覧できます"},
	Self: report.Message{
		En: "nobody decides about what they asked for themselves, or what is for them",
		Ja: "自分が申請したもの、自分が対象のものは承認できません",
	},
	NotAsked: report.Message{En: "{person} is not asked at this stage", Ja: "{person} はこの段階の承認者ではありません"},
	Twice:    report.Message{En: "{person} has voted already", Ja: "{person} は回答済みです"},
	Closed:   report.Message{En: "it is decided already", Ja: "すでに決定しています"},
	Late:     report.Message{En: "the request has expired", Ja: "申請の期限が切れています"},
	NoReason: report.Message{En: "--reason is wanted", Ja: "--reason で理由を書いてください"},
	Nobody: report.Message{
		En: "the settings say of nobody that {by} is theirs (people.NAME.aws, see tamachi config check)",
		Ja: "{by} が誰のものか設定にありません (people.NAME.aws、tamachi config check 参照)",
	},
	Asks:    report.Message{En: "{who} asks you to agree: {title}", Ja: "{who} から承認依頼: {title}"},
	Answer:  report.Message{En: "agree or refuse until {time}", Ja: "{time} までに承認または却下してください"},
	Untold:  report.Message{En: "those who are asked could not be told: {problem}", Ja: "承認者に通知できませんでした: {problem}"},
	Counted: report.Message{En: "counted: {person}", Ja: "受け付けました: {person}"},
}

// Explain says in a reader's language why a vote does not count; other errors
// stay as they are.
func Explain(err error, l report.Lang, id string, v Vote) error {
	for _, known := range []struct {
		err error
		m   report.Message
	}{
		{ErrUnknown, text.Unknown},
		{ErrSelf, text.Self},
		{ErrNotAsked, text.NotAsked},
		{ErrTwice, text.Twice},
		{ErrClosed, text.Closed},
		{ErrExpired, text.Late},
		{ErrReason, text.NoReason},
		{ErrNobody, text.Nobody},
	} {
		if errors.Is(err, known.err) {
			return errors.New(known.m.In(l, "id", id, "person", v.Person, "by", v.By))
		}
	}
	return err
}
