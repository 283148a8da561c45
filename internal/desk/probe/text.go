package probe

import (
	"errors"

	"tamachi/internal/desk/report"
)

// text is what all diagnoses say about desktops and their nodes.
var text = struct{ Node, NoneFound report.Message }{
	Node:      report.Message{En: "{desktop} is the managed node {node}, by its {by}", Ja: "{desktop} のマネージドノードは {node} ({by} による)"},
	NoneFound: report.Message{En: `"{name}" has no desktop here, and is none`, Ja: `「{name}」というデスクトップも、その利用者のデスクトップもない`},
}

// Line says which node a desktop is.
func (n *Node) Line() report.Line {
	return report.Say(text.Node, "desktop", n.Desktop, "node", n.ID, "by", n.By)
}

// NoneFound is the error about a name that is neither a desktop nor a user of one.
func NoneFound(lang report.Lang, name string) error {
	return errors.New(text.NoneFound.In(lang, "name", name))
}
