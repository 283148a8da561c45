package question

import (
	"errors"

	"tamachi/internal/desk/report"
)

// text is everything that this package says to a person.
var text = struct {
	Title, Why, Do, Evidence, Until, Reason, ReasonNeeded, ReasonFree, Send, Thanks, Chosen, Other, For,
	Unknown, Foreign, Answered, Late, NoChoice, NoReason, Trouble, NotHere report.Message
}{
	Title:        report.Message{En: "A question to you", Ja: "確認のお願い"},
	Why:          report.Message{En: "Why", Ja: "理由"},
	Do:           report.Message{En: "What to do", Ja: "お願い"},
	Evidence:     report.Message{En: "Evidence", Ja: "根拠"},
	Until:        report.Message{En: "This page is for {person} only. It can be answered once, until {time}.", Ja: "{person} さん専用のページです。回答は一度だけ、{time} までできます。"},
	Reason:       report.Message{En: "Reason", Ja: "理由・コメント"},
	ReasonNeeded: report.Message{En: "a reason is needed", Ja: "理由が必要"},
	ReasonFree:   report.Message{En: "needed where the answer says so", Ja: "「理由が必要」の場合は必ず記入"},
	Send:         report.Message{En: "Send the answer", Ja: "回答を送信"},
	Thanks:       report.Message{En: "Thank you. The answer is kept.", Ja: "ありがとうございます。回答を受け付けました。"},
	Chosen:       report.Message{En: "Answer: {choice}, on {time}", Ja: "回答: {choice} ({time})"},
	Other:        report.Message{En: "日本語", Ja: "English"},
	For:          report.Message{En: "for {person}", Ja: "{person} さん宛"},
	Unknown:      report.Message{En: "This link is not valid. Open it as it stands in the mail.", Ja: "このリンクは無効です。メールのリンクをそのまま開いてください。"},
	Foreign:      report.Message{En: "Somebody else is asked.", Ja: "別の方への質問です。"},
	Answered:     report.Message{En: "It is answered already.", Ja: "すでに回答済みです。"},
	Late:         report.Message{En: "The time to answer is over.", Ja: "回答期限が過ぎています。"},
	NoChoice:     report.Message{En: "Choose one of the answers.", Ja: "回答を一つ選んでください。"},
	NoReason:     report.Message{En: "This answer needs a reason (up to 1000 characters).", Ja: "この回答には理由が必要です (1000 文字以内)。"},
	Trouble:      report.Message{En: "The answer could not be kept. Please try again later.", Ja: "回答を保存できませんでした。しばらくしてからもう一度お試しください。"},
	NotHere:      report.Message{En: "The answer was not sent from this page.", Ja: "このページから送信された回答ではありません。"},
}

// Explain says in a reader's language why an answer does not count; known is
// false for trouble of ours, which is nobody's to read.
func Explain(err error, l report.Lang) (sentence string, known bool) {
	if r, ok := errors.AsType[*Refused](err); ok {
		if l == report.Japanese {
			return r.Text[1], true
		}
		return r.Text[0], true
	}
	for _, e := range []struct {
		err error
		m   report.Message
	}{
		{ErrUnknown, text.Unknown},
		{ErrForeign, text.Foreign},
		{ErrAnswered, text.Answered},
		{ErrExpired, text.Late},
		{ErrChoice, text.NoChoice},
		{ErrReason, text.NoReason},
	} {
		if errors.Is(err, e.err) {
			return e.m.In(l), true
		}
	}
	return text.Trouble.In(l), false
}
