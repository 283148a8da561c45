package people

import "tamachi/internal/desk/report"

// text is everything that the duty says to a person.
var text = struct {
	Create, Enable, Disable, Join, LeaveGroup, Seat, Stop, Tag, Terminate, ModeOff, Lost,
	New, NoDesktop, InFeed, NotInFeed, HasLeft, Asked, KeptSince,
	NoAccount, LongAccount, Kana, Mail, Near, NoGroup, NearGroup, Off, NoBundle, Unknown,
	Unregistered, Stage, Service, BundleGone, Space, Quota, Unanswered, Keep, KeptUntil, Held report.Message
}{
	Create:       report.Message{En: `make the user {name}`, Ja: `ユーザー {name} を作成`},
	Enable:       report.Message{En: `enable {name}: a random password that nobody knows`, Ja: `{name} を有効化 (誰も知らない乱数パスワード)`},
	Disable:      report.Message{En: `disable {name}`, Ja: `{name} を無効化`},
	Join:         report.Message{En: `put {name} into the group {group}`, Ja: `{name} をグループ {group} に追加`},
	LeaveGroup:   report.Message{En: `take {name} out of the group {group}`, Ja: `{name} をグループ {group} から削除`},
	Seat:         report.Message{En: `make a desktop for {name} (bundle {bundle}, {mode})`, Ja: `{name} のデスクトップを作成 (バンドル {bundle}、{mode})`},
	Stop:         report.Message{En: `stop the desktop of {name}`, Ja: `{name} のデスクトップを停止`},
	Tag:          report.Message{En: `note that the desktop of {name} is kept until {day}`, Ja: `{name} のデスクトップを {day} まで保持と記録`},
	Terminate:    report.Message{En: `terminate the desktop of {name}`, Ja: `{name} のデスクトップを削除`},
	ModeOff:      report.Message{En: `AUTO_STOP for the desktop of {name}: one that is ALWAYS_ON cannot be stopped`, Ja: `{name} のデスクトップを AUTO_STOP へ (ALWAYS_ON は停止できない)`},
	Lost:         report.Message{En: `both volumes with all files on them`, Ja: `両ボリュームとその全ファイル`},
	New:          report.Message{En: `line {line} of the feed; not in the directory`, Ja: `人事データ {line} 行目、ディレクトリに未登録`},
	NoDesktop:    report.Message{En: `line {line} of the feed; has no desktop`, Ja: `人事データ {line} 行目、デスクトップなし`},
	InFeed:       report.Message{En: `line {line} of the feed names the group`, Ja: `人事データ {line} 行目のグループ`},
	NotInFeed:    report.Message{En: `line {line} of the feed does not name the group, others do`, Ja: `人事データ {line} 行目にないグループ`},
	HasLeft:      report.Message{En: `left by line {line} of the feed`, Ja: `人事データ {line} 行目で退職`},
	Asked:        report.Message{En: `asked for by name`, Ja: `名指しの指定`},
	KeptSince:    report.Message{En: `kept until {day}, as its tag says`, Ja: `タグによる保持期限 {day} を経過`},
	NoAccount:    report.Message{En: `{name} (line {line}): no account, and no kana to make one of`, Ja: `{name} ({line} 行目): アカウントも、その元になるカナもありません`},
	LongAccount:  report.Message{En: `{name} (line {line}): the account {account} would be longer than 20 letters; name one`, Ja: `{name} ({line} 行目): アカウント {account} が 20 文字を超えます。指定してください`},
	Kana:         report.Message{En: `{name} (line {line}): the account {account} is not how {kana} is written; {near}?`, Ja: `{name} ({line} 行目): アカウント {account} は {kana} の綴りと違います。{near} では?`},
	Mail:         report.Message{En: `{name} (line {line}): the account {account} and the mail address {mail} differ by a slip`, Ja: `{name} ({line} 行目): アカウント {account} とメール {mail} が少し違います`},
	Near:         report.Message{En: `{name} (line {line}): {account} is not in the directory, but {near} is, whom the feed does not know`, Ja: `{name} ({line} 行目): {account} はディレクトリになく、人事データにない {near} があります`},
	NoGroup:      report.Message{En: `{name} (line {line}): there is no group {group}`, Ja: `{name} ({line} 行目): グループ {group} がありません`},
	NearGroup:    report.Message{En: `{name} (line {line}): there is no group {group}; closest is {near}`, Ja: `{name} ({line} 行目): グループ {group} がありません。近い名前は {near}`},
	Off:          report.Message{En: `{name} (line {line}): the account {account} is there, but disabled`, Ja: `{name} ({line} 行目): アカウント {account} は無効になっています`},
	NoBundle:     report.Message{En: `{name} (line {line}): no bundle: name one in the feed or by --bundle`, Ja: `{name} ({line} 行目): バンドルの指定がありません (人事データか --bundle で指定)`},
	Unknown:      report.Message{En: `{account} is neither in the directory nor has a desktop; closest is {near}`, Ja: `{account} はディレクトリにもデスクトップにもありません。近い名前は {near}`},
	Unregistered: report.Message{En: `directory {directory} is {state} for desktops`, Ja: `ディレクトリ {directory} のデスクトップ登録は {state}`},
	Stage:        report.Message{En: `directory {directory} is {stage}`, Ja: `ディレクトリ {directory} は {stage}`},
	Service:      report.Message{En: `the account {account}, by which desktops join {directory}, is disabled or gone`, Ja: `{directory} への参加に使う {account} が無効か存在しません`},
	BundleGone:   report.Message{En: `there is no bundle {bundle} that is AVAILABLE`, Ja: `AVAILABLE なバンドル {bundle} がありません`},
	Space:        report.Message{En: `{n} {n|desktop|desktops} to make, but {free} free addresses in the subnets of {directory}`, Ja: `作成 {n} 台に対し、{directory} のサブネットの空きアドレスは {free}`},
	Quota: report.Message{
		En: `{n} {n|desktop|desktops} to make and {there} there, but the quota "{quota}" of this account and Region is {most}; ask AWS for more (Service Quotas)`,
		Ja: `作成 {n} 台、既存 {there} 台に対し、このアカウントとリージョンのクォータ "{quota}" は {most} です。引き上げを申請してください (Service Quotas)`,
	},
	Unanswered: report.Message{En: `not known: {problem}`, Ja: `不明: {problem}`},
	Keep:       report.Message{En: `{name}: the desktop {desktop} is kept until {day}; then: tamachi leaver --terminate`, Ja: `{name}: デスクトップ {desktop} は {day} まで保持。その後 tamachi leaver --terminate`},
	KeptUntil:  report.Message{En: `{name}: the desktop {desktop} has no date until which it is kept: tamachi leaver first`, Ja: `{name}: デスクトップ {desktop} に保持期限がありません。先に tamachi leaver を実行`},
	Held:       report.Message{En: `{n} {n|person|people} held back; correct the feed, or --anyway`, Ja: `{n} 人を保留。人事データを直すか --anyway`},
}
