package probe

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/spelling"
)

// text is what all diagnoses say about desktops and their nodes.
var text = struct{ Node, NoneFound, Near, NoNode, Several, Unanswered report.Message }{
	Node: report.Message{En: "{desktop} is the managed node {node}, by its {by}", Ja: "{desktop} のマネージドノードは {node} ({by} による)"},
	NoNode: report.Message{
		En: "{desktop} is no managed node: no node has its id, its computer name or its address; activate it (aws ssm create-activation)",
		Ja: "{desktop} はマネージドノードではない: ID、コンピューター名、アドレスが一致するノードがない。アクティベーションが必要 (aws ssm create-activation)",
	},
	Several: report.Message{
		En: "{desktop} may be any of the managed nodes {nodes}: give each its own name",
		Ja: "{desktop} はマネージドノード {nodes} のどれか判別できない: それぞれに別の名前を付ける必要がある",
	},
	Unanswered: report.Message{En: "the probe on {node} ended as {status} {detail}", Ja: "{node} での確認は {status} で終わった {detail}"},
	NoneFound:  report.Message{En: `"{name}" is neither a desktop here nor a user who has one`, Ja: `「{name}」というデスクトップも、その利用者のデスクトップもない`},
	Near:       report.Message{En: "; did you mean {names}?", Ja: "。近い名前: {names}"},
}

// Line says which node a desktop is.
func (n *Node) Line() report.Line {
	return report.Say(text.Node, "desktop", n.Desktop, "node", n.ID, "by", n.By)
}

// Line says why there is no node.
func (n *NoNode) Line() report.Line {
	if len(n.Several) > 0 {
		return report.Say(text.Several, "desktop", n.Desktop, "nodes", strings.Join(n.Several, ", "))
	}
	return report.Say(text.NoNode, "desktop", n.Desktop)
}

// Line says how the probe ended.
func (u *Unanswered) Line() report.Line {
	return report.Say(text.Unanswered, "node", u.Node, "status", u.Status, "detail", u.Detail)
}

// NoneFound is the error about a name that is neither a desktop nor a user of one.
// It names users who may have been meant, where the desktops can be listed.
func NoneFound(ctx context.Context, lang report.Lang, api account.Finder, name string) error {
	words := text.NoneFound.In(lang, "name", name)
	if _, all, _, err := account.Fleet(ctx, api, api); err == nil {
		var users []string
		for _, d := range all {
			users = append(users, aws.ToString(d.UserName))
		}
		if near := spelling.Near(account.User(name), users); len(near) > 0 {
			words += text.Near.In(lang, "names", strings.Join(near, ", "))
		}
	}
	return errors.New(words)
}
