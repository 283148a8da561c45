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
	NoImage, NoOrigin, MasterGone, NoSuchNode,
	OnIt, Behind, NotKnown, ColumnImage, ColumnStanding, ColumnDesktops, ColumnUser, ColumnDesktop, ColumnBundle, Nobody,
	NoBundle, AmazonsBundle, IsMaster, IsExempt, NotResting, NoSnapshot, Already, NotOfBundle, NeverOpen, NobodyTold, NoList, WayBack,
	Tell, TellWhat, TellWhy, TellDo, WhyBundle, SwapImage, MakeBundle, WhyWave, WhyCanary, RebuildIt, MigrateIt, LostByRebuild, LostByMigrate,
	TryCanary, WhyTry report.Message
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

	OnIt:           report.Message{En: "on it", Ja: "適用済み"},
	Behind:         report.Message{En: "on an earlier one", Ja: "以前のイメージ"},
	NotKnown:       report.Message{En: "not known", Ja: "不明"},
	ColumnImage:    report.Message{En: "IMAGE", Ja: "イメージ"},
	ColumnStanding: report.Message{En: "STANDING", Ja: "適用状況"},
	ColumnDesktops: report.Message{En: "DESKTOPS", Ja: "台数"},
	ColumnUser:     report.Message{En: "USER", Ja: "利用者"},
	ColumnDesktop:  report.Message{En: "DESKTOP", Ja: "デスクトップ"},
	ColumnBundle:   report.Message{En: "BUNDLE", Ja: "バンドル"},
	Nobody:         report.Message{En: "no desktops", Ja: "デスクトップはない"},
	NoBundle:       report.Message{En: "there is no bundle {bundle} in this account and Region", Ja: "このアカウントとリージョンにバンドル {bundle} はない"},
	AmazonsBundle:  report.Message{En: "{bundle} is a bundle of AWS's, whose image cannot be changed: --how migrate", Ja: "{bundle} は AWS のバンドルで、イメージを変更できない。--how migrate を使う"},
	IsMaster:       report.Message{En: "{desktop} of {user} is the image's master: left alone", Ja: "{user} の {desktop} はイメージのマスターのため対象外"},
	IsExempt:       report.Message{En: "{desktop} of {user} is exempt by its tag {tag}: left alone", Ja: "{user} の {desktop} はタグ {tag} により対象外"},
	NotResting:     report.Message{En: "{desktop} of {user} is {state}: left out", Ja: "{user} の {desktop} は {state} のため見送り"},
	NoSnapshot:     report.Message{En: "{desktop} of {user} has no snapshot of its user volume: left out; --anyway takes it", Ja: "{user} の {desktop} にはユーザーボリュームのスナップショットがないため見送り (--anyway で対象にする)"},
	Already:        report.Message{En: "{n} {n|desktop has|desktops have} {image} already", Ja: "{n|1 台|複数} ({n} 台) は {image} に更新済み"},
	NotOfBundle:    report.Message{En: "{name} has no desktop of bundle {bundle}", Ja: "{name} のデスクトップはバンドル {bundle} にない"},
	NeverOpen:      report.Message{En: "the window {window} does not open within 30 days", Ja: "時間帯 {window} は 30 日以内に来ない"},
	NobodyTold:     report.Message{En: "nobody is told: the settings name no channel or address for it (people, channels, slack, mail, outbox)", Ja: "通知先がないため、利用者には知らせない (設定の people、channels、slack、mail、outbox)"},
	NoList:         report.Message{En: "the canaries are not checked: the acceptance list asks nothing that a desktop can answer", Ja: "先行機の確認項目がない (設定の acceptance)"},
	WayBack:        report.Message{En: "a rebuilt desktop has no undo; the way back is: tamachi image rollout {image} --bundle {bundle}", Ja: "再構築は元に戻せない。戻すには: tamachi image rollout {image} --bundle {bundle}"},
	Tell:           report.Message{En: "tell the users of {n} {n|desktop|desktops}", Ja: "{n|利用者|利用者} ({n} 台分) に知らせる"},
	TellWhat:       report.Message{En: "{n} {n|desktop gets|desktops get} the new image {name}, from {time} on", Ja: "{time} から、デスクトップ {n} 台を新しいイメージ {name} に{n|更新|更新}する"},
	TellWhy:        report.Message{En: "programs and patches of the new image", Ja: "新しいイメージのプログラムとパッチを適用するため"},
	TellDo:         report.Message{En: "before that: save your files in your home and sign out. Your home is kept as of its last snapshot (up to 12 hours old); programs that you installed yourself are gone", Ja: "それまでに、ファイルをホームに保存してサインアウトする。ホームは直近のスナップショット (最大 12 時間前) の内容で残り、自分で入れたプログラムはなくなる"},
	WhyBundle:      report.Message{En: "the image was {was}", Ja: "これまでのイメージは {was}"},
	SwapImage:      report.Message{En: "give the bundle the image {image} ({name})", Ja: "バンドルのイメージを {image} ({name}) にする"},
	MakeBundle:     report.Message{En: "make the bundle {name} of the image {image}", Ja: "イメージ {image} からバンドル {name} を作る"},
	WhyWave:        report.Message{En: "wave {wave}", Ja: "{wave} 段階目"},
	WhyCanary:      report.Message{En: "canary", Ja: "先行機"},
	RebuildIt:      report.Message{En: "rebuild with {image}", Ja: "{image} で再構築"},
	MigrateIt:      report.Message{En: "migrate to the bundle {name}", Ja: "バンドル {name} に移行"},
	LostByRebuild:  report.Message{En: "programs and settings of the system; of the user's files what is newer than the last snapshot (up to 12 hours)", Ja: "システム側のプログラムと設定。利用者のファイルは直近のスナップショット (最大 12 時間前) より新しいもの"},
	LostByMigrate:  report.Message{En: "programs and settings of the system, and the desktop's id; of the user's files what is newer than the last snapshot (up to 12 hours)", Ja: "システム側のプログラムと設定、デスクトップの ID。利用者のファイルは直近のスナップショット (最大 12 時間前) より新しいもの"},
	TryCanary:      report.Message{En: "check it by the acceptance list", Ja: "受け入れ基準で確認"},
	WhyTry:         report.Message{En: "nothing else is begun unless it passes", Ja: "合格するまで次に進まない"},
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
