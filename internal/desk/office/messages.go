package office

import "tamachi/internal/desk/report"

// text is everything that the office's commands say to a person.
var text = struct {
	NotHere, Directory, DirectoryKept, DirectoryWait, Staff, StaffMade, Register, RegisterKept, Bundle, Day, Kept, NightSession,
	NightDisable, NightCreate, NightWait, NightReset, NightKept, Done, Refused, NotInError, TooLong, Stopped,
	Nothing, Foreign, Terminate, TerminateWait, NotTerminated, Deregister, Delete, Stays, StaysDesktops, Removed, NoBundle report.Message
}{
	NotHere: report.Message{
		En: "the sample office is made on a plane of your own; these settings point to AWS itself (no AWS_ENDPOINT_URL). Try eval \"$(tamachi env)\"",
		Ja: "サンプルオフィスは手元のプレーンに作るものです。今の設定は AWS を指しています (AWS_ENDPOINT_URL なし)。eval \"$(tamachi env)\" を試してください",
	},
	Directory:     report.Message{En: "creates directory {name}", Ja: "ディレクトリ {name} を作成"},
	DirectoryKept: report.Message{En: "directory {id} is there", Ja: "ディレクトリ {id} は既にある"},
	DirectoryWait: report.Message{En: "waits for directory {id}: {stage}", Ja: "ディレクトリ {id} を待つ: {stage}"},
	Staff:         report.Message{En: "people of the office", Ja: "オフィスの人々"},
	StaffMade: report.Message{
		En: "{made} {made|person|people} created, {kept} there already",
		Ja: "{made} 人を作成、{kept} 人は既にいる",
	},
	Register:     report.Message{En: "registers directory {id} for desktops", Ja: "ディレクトリ {id} をデスクトップ用に登録"},
	RegisterKept: report.Message{En: "directory {id} is registered", Ja: "ディレクトリ {id} は登録済み"},
	Bundle:       report.Message{En: "chooses a bundle", Ja: "バンドルを選ぶ"},
	NoBundle:     report.Message{En: "the endpoint offers no bundle", Ja: "この接続先にはバンドルがない"},
	Day:          report.Message{En: "desktops that are well: {users}", Ja: "正常なデスクトップ: {users}"},
	Kept:         report.Message{En: "there already: {users}", Ja: "既にある: {users}"},
	NightSession: report.Message{
		En: "night batch: a session named {name} that may do only what the batch does",
		Ja: "夜間バッチ: バッチの操作だけが許されたセッション {name}",
	},
	NightDisable: report.Message{En: "night batch: disables {account}", Ja: "夜間バッチ: {account} を無効化"},
	NightCreate:  report.Message{En: "night batch: creates desktops for {users}", Ja: "夜間バッチ: {users} のデスクトップを作成"},
	NightWait:    report.Message{En: "night batch: waits; {states}", Ja: "夜間バッチ: 待機中; {states}"},
	NightReset: report.Message{
		En: "night batch: sets the password of {account}, which enables it again",
		Ja: "夜間バッチ: {account} のパスワードを設定 (これで再び有効になる)",
	},
	NightKept: report.Message{En: "night batch: over already", Ja: "夜間バッチ: 実行済み"},
	Done: report.Message{
		En: "the office is open: directory {directory}, {n} desktops; see tamachi morning",
		Ja: "オフィスの準備完了: ディレクトリ {directory}、デスクトップ {n} 台。tamachi morning を実行",
	},
	Refused: report.Message{
		En: "{user} got no desktop: {code}: {message}",
		Ja: "{user} のデスクトップを作れない: {code}: {message}",
	},
	NotInError: report.Message{
		En: "{user}'s desktop is {state}, though {account} was disabled: this plane does not join desktops to the directory",
		Ja: "{account} が無効なのに {user} のデスクトップは {state}。このプレーンはデスクトップをディレクトリに参加させていない",
	},
	TooLong: report.Message{
		En: "not done after {timeout}; the same command goes on from here",
		Ja: "{timeout} 経っても終わらない。同じコマンドで続きから再開できる",
	},
	Stopped: report.Message{
		En: "stopped; the same command goes on from here",
		Ja: "中止した。同じコマンドで続きから再開できる",
	},
	Nothing: report.Message{
		En: "this machine has no record of an office here; nothing was touched",
		Ja: "このマシンにここのオフィスの記録はない。何も変更していない",
	},
	Foreign: report.Message{
		En: "directory {id} looks like a sample office, but was not made from this machine: left alone",
		Ja: "ディレクトリ {id} はサンプルオフィスに見えるが、このマシンで作ったものではない: 変更しない",
	},
	Terminate:     report.Message{En: "terminates {n} {n|desktop|desktops}", Ja: "デスクトップ {n} 台を削除"},
	TerminateWait: report.Message{En: "waits until they are gone: {left} left", Ja: "削除を待つ: 残り {left}"},
	NotTerminated: report.Message{En: "{id} is not terminated: {code}: {message}", Ja: "{id} を削除できない: {code}: {message}"},
	Deregister:    report.Message{En: "deregisters directory {id}", Ja: "ディレクトリ {id} の登録を解除"},
	Delete:        report.Message{En: "deletes directory {id} with its {n} people", Ja: "ディレクトリ {id} と {n} 人を削除"},
	Stays: report.Message{
		En: "stays: directory {id} with its {n} people ({why})",
		Ja: "残るもの: ディレクトリ {id} と {n} 人 ({why})",
	},
	StaysDesktops: report.Message{
		En: "{n} {n|desktop|desktops} in it not made by the office: {users}",
		Ja: "オフィス以外のデスクトップ {n} 台がある: {users}",
	},
	Removed: report.Message{En: "the office is closed", Ja: "オフィスを片付けた"},
}
