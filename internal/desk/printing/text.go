package printing

import (
	"fmt"
	"io"
	"strings"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
)

// text is everything that the diagnosis says to a person.
var text = struct {
	Allowed, Denied, By, NoRule, Over, NotFor, Ask, Client, Unknown, OnAWS, Nobody, ListAllowed, ListDenied, ListBy, ListNone report.Message
}{
	Allowed: report.Message{En: "{user} in {directory} may print", Ja: "{directory} の {user} は印刷できる"},
	Denied:  report.Message{En: "{user} in {directory} may not print", Ja: "{directory} の {user} は印刷できない"},
	By:      report.Message{En: "  decided by {policy} ({id}), since {reason}", Ja: "  決めた規則: {policy} ({id})、理由: {reason}"},
	NoRule:  report.Message{En: "  no policy says anything about printing", Ja: "  印刷について定めた規則はない"},
	Over:    report.Message{En: "  it overrules {policies}", Ja: "  優先された他の規則: {policies}"},
	NotFor:  report.Message{En: "  not for this user: {policy}", Ja: "  この利用者には適用外: {policy}"},
	Ask: report.Message{
		En: "to ask for an exception, which those whom the settings name must agree to: {command}",
		Ja: "例外の申請 (設定で定めた承認者の承認が必要): {command}",
	},
	Client: report.Message{En: "the client counts too: WorkSpaces Web Access redirects no local printer", Ja: "クライアントも確認: WorkSpaces Web Access はローカルプリンターをリダイレクトしない"},
	Unknown: report.Message{
		En: "{user} in {directory}: not known: {problem}", Ja: "{directory} の {user}: 不明: {problem}",
	},
	OnAWS: report.Message{
		En: "on AWS, Group Policy of the directory decides about printer redirection, which no call of AWS tells: run gpresult /h on the desktop",
		Ja: "AWS ではプリンターのリダイレクトをディレクトリのグループポリシーが決め、AWS の API では分からない。デスクトップで gpresult /h を実行する",
	},
	Nobody:      report.Message{En: "nobody has a desktop here", Ja: "デスクトップの利用者がいない"},
	ListAllowed: report.Message{En: "may print", Ja: "印刷可"},
	ListDenied:  report.Message{En: "may not print", Ja: "印刷不可"},
	ListBy:      report.Message{En: "{verdict}, by {policy}: {n}", Ja: "{verdict}、{policy} による: {n} 人"},
	ListNone:    report.Message{En: "{verdict}, no policy: {n}", Ja: "{verdict}、規則なし: {n} 人"},
}

// sayProblem is why nobody can tell; an endpoint that is no plane is AWS, for
// this.
func sayProblem(lang report.Lang) func(*account.Problem) string {
	return func(p *account.Problem) string {
		if p.Kind == account.Unknown {
			return text.OnAWS.In(lang)
		}
		return p.In(lang)
	}
}

// Write prints the diagnosis for a person.
func (p *Plan) Write(w io.Writer, lang report.Lang) error {
	say := func(m report.Message, pairs ...any) { fmt.Fprintln(w, strings.TrimRight(m.In(lang, pairs...), " ")) }
	if len(p.Rules) == 0 {
		say(text.Nobody)
		return nil
	}
	if p.List {
		p.list(w, lang, say)
		return nil
	}
	for _, r := range p.Rules {
		p.one(r, say)
	}
	return nil
}

func (p *Plan) one(r Rule, say func(report.Message, ...any)) {
	if r.Problem != "" {
		say(text.Unknown, "user", r.User, "directory", r.Directory, "problem", r.Problem)
		return
	}
	verdict := text.Allowed
	if !r.Allowed {
		verdict = text.Denied
	}
	say(verdict, "user", r.User, "directory", r.Directory)
	if r.Policy == "" {
		say(text.NoRule)
	} else {
		say(text.By, "policy", r.Policy, "id", r.PolicyID, "reason", r.Reason)
	}
	if len(r.Overruled) > 0 {
		say(text.Over, "policies", strings.Join(r.Overruled, ", "))
	}
	for _, other := range r.Considered {
		say(text.NotFor, "policy", other)
	}
	if !r.Allowed {
		say(text.Ask, "command", plan.Shell("tamachi", "exception", "grant", "printing", r.User, "--directory", r.Directory, "--until", "DATE", "--reason", "WHY"))
	}
	say(text.Client)
}

// list shows users by the rule that decides.
func (p *Plan) list(w io.Writer, lang report.Lang, say func(report.Message, ...any)) {
	type key struct {
		allowed bool
		policy  string
	}
	var order []key
	users := map[key][]string{}
	for _, r := range p.Rules {
		if r.Problem != "" {
			say(text.Unknown, "user", r.User, "directory", r.Directory, "problem", r.Problem)
			continue
		}
		k := key{r.Allowed, r.Policy}
		if users[k] == nil {
			order = append(order, k)
		}
		users[k] = append(users[k], r.User)
	}
	for _, k := range order {
		verdict, m := text.ListAllowed, text.ListBy
		if !k.allowed {
			verdict = text.ListDenied
		}
		if k.policy == "" {
			m = text.ListNone
		}
		say(m, "verdict", verdict.In(lang), "policy", k.policy, "n", len(users[k]))
		fmt.Fprintln(w, "  "+report.Plain(strings.Join(users[k], ", ")))
	}
}
