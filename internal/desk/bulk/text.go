package bulk

import "tamachi/internal/desk/report"

// text is everything that the duty says to a person.
var text = struct {
	Start, Stop, Reboot, Restore, Rebuild, Terminate, Mode,
	InUse, LastUse, NeverUsed, UseUnknown,
	CutOff, Running, BackTo, BackUnknown, System, SystemAndAll, SystemUnknown, Everything,
	Already, WrongState, NeverStops, NoSnapshot, NoSuch, WayBack, NoWayBack, WhyMinutes, NeedReason, TooMany report.Message
}{
	Start:     report.Message{En: "start the desktop of {user}", Ja: "{user} のデスクトップを起動"},
	Stop:      report.Message{En: "stop the desktop of {user}", Ja: "{user} のデスクトップを停止"},
	Reboot:    report.Message{En: "reboot the desktop of {user}", Ja: "{user} のデスクトップを再起動"},
	Restore:   report.Message{En: "restore the desktop of {user} from its snapshots", Ja: "{user} のデスクトップをスナップショットから復元"},
	Rebuild:   report.Message{En: "rebuild the desktop of {user}", Ja: "{user} のデスクトップを再構築"},
	Terminate: report.Message{En: "delete the desktop of {user}", Ja: "{user} のデスクトップを削除"},
	Mode:      report.Message{En: "running mode of {user}'s desktop to {mode}", Ja: "{user} のデスクトップの実行モードを {mode} に変更"},

	InUse:      report.Message{En: "{state}, in use now", Ja: "{state}、利用中"},
	LastUse:    report.Message{En: "{state}, last used {time}", Ja: "{state}、最終利用 {time}"},
	NeverUsed:  report.Message{En: "{state}, never used", Ja: "{state}、利用なし"},
	UseUnknown: report.Message{En: "{state}, use not known", Ja: "{state}、利用状況は不明"},

	CutOff:        report.Message{En: "{user} is cut off; open programs, and what is not saved", Ja: "{user} の接続が切れ、未保存の作業と開いているプログラムが失われる"},
	Running:       report.Message{En: "open programs, and what is not saved", Ja: "未保存の作業と開いているプログラム"},
	BackTo:        report.Message{En: "everything since the snapshot of {time}, on both volumes", Ja: "{time} のスナップショット以降の両ボリュームの変更"},
	System:        report.Message{En: "programs and settings of the system; of the user's files what is newer than {time}", Ja: "システム側のプログラムと設定。利用者のファイルは {time} より新しいもの"},
	SystemAndAll:  report.Message{En: "programs and settings of the system; on AWS the user's files too, of which there is no snapshot", Ja: "システム側のプログラムと設定。スナップショットがないため、AWS では利用者のファイルも失われる"},
	BackUnknown:   report.Message{En: "everything since the last snapshot, on both volumes; of when it is, is not known", Ja: "直近のスナップショット以降の両ボリュームの変更 (スナップショットの時刻は不明)"},
	SystemUnknown: report.Message{En: "programs and settings of the system; of the user's files what is newer than the last snapshot, if there is one", Ja: "システム側のプログラムと設定。利用者のファイルは直近のスナップショット (あれば) より新しいもの"},
	Everything:    report.Message{En: "both volumes with the user's files, for good", Ja: "利用者のファイルを含む両ボリューム。元に戻せない"},

	Already:    report.Message{En: "{desktop} of {user} is so already: left out", Ja: "{user} の {desktop} はすでにその状態のため対象外"},
	WrongState: report.Message{En: "{desktop} of {user} is {state}: left out", Ja: "{user} の {desktop} は {state} のため対象外"},
	NeverStops: report.Message{En: "{desktop} of {user} is ALWAYS_ON, which AWS does not stop: left out; auto-stop changes that", Ja: "{user} の {desktop} は ALWAYS_ON で停止できないため対象外 (auto-stop で変更できる)"},
	NoSnapshot: report.Message{En: "{desktop} of {user} has no snapshot to restore: left out", Ja: "{user} の {desktop} には復元できるスナップショットがないため対象外"},
	NoSuch:     report.Message{En: "there is no desktop {name}", Ja: "デスクトップ {name} はない"},
	WayBack:    report.Message{En: "until the next snapshots replace them, a rebuilt desktop can be restored to those of before: tamachi plan undo", Ja: "次のスナップショットまでは、再構築前の状態に復元できる (tamachi plan undo)"},
	NoWayBack:  report.Message{En: "there is no way back", Ja: "元に戻せない"},
	WhyMinutes: report.Message{En: "the minutes until a desktop stops are a multiple of 60, from 60 on", Ja: "停止までの時間は 60 分単位 (60 以上)"},
	NeedReason: report.Message{En: "say why (--reason): it loses what is on volumes", Ja: "理由が必要 (--reason、ボリュームの内容が失われる操作のため)"},
	TooMany:    report.Message{En: "at most {n} desktops go into a plan", Ja: "1 つの計画で扱えるのは {n} 台まで"},
}
