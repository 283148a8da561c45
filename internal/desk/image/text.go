package image

import (
	"fmt"
	"io"

	"tamachi/internal/desk/report"
)

// text is everything that the duty says to a person.
var text = struct {
	Head, Node, Good, Bad, Accepted, NotAccepted, Unprobed, Next,
	ImageState, NoScan, PatchesMissing, PatchesPending, ScanOld, ScannedAfter, PatchesGood,
	NothingKnown, NotInstalled, TooOld, InstalledAfter, Installed, SignaturesUnknown, SignaturesOld, SignaturesGood,
	NotAsked, OtherSystem, ProbeFailed, ProbeDiffers, ProbeGood,
	NoImage, NoOrigin, MasterGone, NoSuchNode report.Message
}{
	Head:              report.Message{En: "{image}: its master {master}, the managed node {node}", Ja: "{image}: マスターは {master} (マネージドノード {node})"},
	Node:              report.Message{En: "the managed node {node}", Ja: "マネージドノード {node}"},
	Good:              report.Message{En: "ok", Ja: "合格"},
	Bad:               report.Message{En: "NO", Ja: "不合格"},
	Accepted:          report.Message{En: "accepted: {n} {n|item|items}", Ja: "合格: {n} 項目"},
	NotAccepted:       report.Message{En: "not accepted: {names}", Ja: "不合格: {names}"},
	Unprobed:          report.Message{En: "the master could not be asked: {why}", Ja: "マスターに確認できない: {why}"},
	Next:              report.Message{En: "next: {command}", Ja: "次に: {command}"},
	ImageState:        report.Message{En: "the image is {state}", Ja: "イメージは {state}"},
	NoScan:            report.Message{En: "never scanned for patches", Ja: "パッチのスキャンがまだない"},
	PatchesMissing:    report.Message{En: "{n} missing or failed at {time}: {names}", Ja: "{time} の時点で {n} 件が未適用または失敗: {names}"},
	PatchesPending:    report.Message{En: "{n} installed, but not before a reboot", Ja: "{n} 件が再起動待ち"},
	ScanOld:           report.Message{En: "scanned at {time}, longer ago than {within}", Ja: "最後のスキャンは {time} ({within} より前)"},
	ScannedAfter:      report.Message{En: "none missing at {time}; that is after the image was made ({made})", Ja: "{time} の時点で未適用なし (イメージの作成 {made} より後のスキャン)"},
	PatchesGood:       report.Message{En: "none missing at {time}", Ja: "{time} の時点で未適用なし"},
	NothingKnown:      report.Message{En: "nothing is known of its programs: no inventory, and no answer", Ja: "プログラムの情報がない (インベントリも応答もない)"},
	NotInstalled:      report.Message{En: "not installed", Ja: "インストールされていない"},
	TooOld:            report.Message{En: "{name} {version}, want at least {want}", Ja: "{name} {version} ({want} 以上が必要)"},
	InstalledAfter:    report.Message{En: "{name} {version} came at {time}, after the image was made ({made}): the image does not have it", Ja: "{name} {version} は {time} に入った。イメージの作成 ({made}) より後なので、イメージには含まれない"},
	Installed:         report.Message{En: "{name} {version}, by {source}", Ja: "{name} {version} ({source})"},
	SignaturesUnknown: report.Message{En: "how old its signatures are is not known", Ja: "定義ファイルの日付が分からない"},
	SignaturesOld:     report.Message{En: "its signatures are of {time}, longer ago than {within}", Ja: "定義ファイルは {time} のもの ({within} より前)"},
	SignaturesGood:    report.Message{En: "its signatures are of {time}", Ja: "定義ファイルは {time} のもの"},
	NotAsked:          report.Message{En: "not asked", Ja: "未確認"},
	OtherSystem:       report.Message{En: "the list asks this of another system only", Ja: "この OS 用の確認が一覧にない"},
	ProbeFailed:       report.Message{En: "ended with {code}: {output}", Ja: "終了コード {code}: {output}"},
	ProbeDiffers:      report.Message{En: "want {want}, got: {output}", Ja: "{want} のはずが: {output}"},
	ProbeGood:         report.Message{En: "{output}", Ja: "{output}"},
	NoImage:           report.Message{En: "there is no image {image} in this account and Region", Ja: "このアカウントとリージョンにイメージ {image} はない"},
	NoOrigin:          report.Message{En: "the trail does not say of which desktop {image} was made (it was copied, imported, or is older than 90 days): name it with --master", Ja: "{image} の元のデスクトップが証跡にない (コピー、インポート、または 90 日より前)。--master で指定する"},
	MasterGone:        report.Message{En: "the master {master} is gone: build a desktop of {image} and check that with --master", Ja: "マスター {master} はもうない。{image} からデスクトップを作り、--master で確認する"},
	NoSuchNode:        report.Message{En: "there is no managed node {master}", Ja: "マネージドノード {master} はない"},
}

// Write prints a check for a person.
func (c *Check) Write(w io.Writer, lang report.Lang) error {
	say := func(m report.Message, pairs ...any) { fmt.Fprintln(w, report.Say(m, pairs...).In(lang)) }
	switch {
	case c.Image != "":
		say(text.Head, "image", c.Image, "master", c.Desktop, "node", c.Node.ID)
	case c.Desktop != "":
		say(text.Head, "image", c.Desktop, "master", c.Desktop, "node", c.Node.ID)
	default:
		say(text.Node, "node", c.Node.ID)
	}
	t := report.Table{}
	for _, i := range c.Items {
		mark := text.Bad
		if i.OK {
			mark = text.Good
		}
		t.Rows = append(t.Rows, []string{mark.In(lang), i.Kind, i.Name, i.Evidence.In(lang)})
	}
	if err := t.Write(w, "  "); err != nil {
		return err
	}
	if c.Unprobed != "" {
		say(text.Unprobed, "why", c.Unprobed)
	}
	for _, i := range c.Items {
		if i.Next != "" {
			say(text.Next, "command", i.Next)
		}
	}
	if missing := c.Missing(); len(missing) > 0 {
		say(text.NotAccepted, "names", names(missing))
		return nil
	}
	say(text.Accepted, "n", len(c.Items))
	return nil
}
