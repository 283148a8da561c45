package morning

import "tamachi/internal/desk/report"

// text is everything that the morning check says to a person.
var text = struct {
	InError, Why, Next, Fix, Created, CreatedBetween, NotCreated, JoinRefused, OffBy, OnSince, OnNow, StillOff, StillAbsent, StateSilent,
	NoOffEvent, AccountIs, Unknown, Quoted, NoError, Bundle, Bundles, Recreates, RecreatesAnyway, EnableFirst,
	DirectoryFirst, LookBack, CheckAccount, More, Requests,
	Interrupted, InterruptedNext, Unhealthy, UnhealthyNext, Stuck, StuckNext, Failed, FailedOnce, FailedUsers, FailedBy, FailedIn,
	Impaired, ImpairedNext, Registration, Healthy, Counts, InUse, InUseUnknown, OnTheWay, Recent, RecentUnknown,
	Errors, Unanswered, Truncated,
	Resumes, LeftAlone, NothingToFix, PlanIs, ColumnUser, ColumnOld, ColumnDirectory, ColumnBundle, ColumnMode, ColumnUsed,
	ColumnTags, VolumesLost, TagsUnread, AlreadyGone, NeverUsed,
	ColumnNew, ColumnState, ColumnError, Repaired, NotRepaired, Stopped, Interrupt,
	Progress, AllPlaces,
	Misnamed, MisnamedMeant, MisnamedNext,
	InAlarm, AlarmOf, AlarmOn, AlarmSince, AlarmTimes, AndMore, AgentsLost, AgentSince, AgentsNext, NotStopping, NotStoppingWhy, NotStoppingNext,
	PatchesBroken, PatchRestart, PatchPutOff, PatchNoEnd, PatchBadEnd, PatchBy, PatchSaid, PatchStatus, PatchNext, PatchDraft, PatchDraftWindows, Draft,
	Tomorrow, MaintenanceOf, MaintenanceWindow,
	StepEnd, StepCreate, StepLost, StepResumed, PostWhat, PostDo, Untold, Unverified, UnverifiedNext,
	AndSteps, HandOver, Waits, You, WaitsFor, WaitsNext, OpenPlans, OpenNext, StandUp, Incident, IncidentWhy, Unread,
	NoJobs, Jobs, Command, Automation, JobRuns, Quiet, QuietNow, NotDone, NoteKept, PostNote, PostNoteDo report.Message
}{
	InError: report.Message{
		En: "{n} {n|desktop|desktops} in ERROR: {users}",
		Ja: "デスクトップ {n} 台が ERROR: {users}",
	},
	Why:  report.Message{En: "why", Ja: "原因"},
	Next: report.Message{En: "next", Ja: "次に"},
	Fix:  report.Message{En: "fix", Ja: "修復"},
	Created: report.Message{
		En: "created {time} (CreateWorkspaces, {requests})",
		Ja: "{time} に作成 (CreateWorkspaces、{requests})",
	},
	CreatedBetween: report.Message{
		En: "created {from} to {to} (CreateWorkspaces, {requests})",
		Ja: "{from} から {to} に作成 (CreateWorkspaces、{requests})",
	},
	Requests: report.Message{En: "{n|request|requests} {ids}", Ja: "リクエスト {n} 件: {ids}"},
	NotCreated: report.Message{
		En: "no CreateWorkspaces of {n|it|them} in the trail since {since}",
		Ja: "{since} 以降の証跡に対象 ({n} 台) の CreateWorkspaces なし",
	},
	JoinRefused: report.Message{
		En: "joining directory {directory} failed: bind as {account} refused",
		Ja: "ディレクトリ {directory} への参加に失敗: {account} の bind が拒否された",
	},
	OffBy: report.Message{
		En: "{event} {account} at {time} by {by}",
		Ja: "{time} に {by} が {account} を {event}",
	},
	OnSince: report.Message{
		En: "the account is enabled again since {time} (ResetUserPassword by {by}{state})",
		Ja: "アカウントは {time} から再び有効 ({by} による ResetUserPassword{state})",
	},
	OnNow: report.Message{
		En: "the account is enabled now (DescribeUser)",
		Ja: "アカウントは現在有効 (DescribeUser)",
	},
	AccountIs: report.Message{
		En: "; DescribeUser: enabled",
		Ja: "、DescribeUser: 有効",
	},
	StateSilent: report.Message{
		En: "; DescribeUser not answered",
		Ja: "、DescribeUser は応答なし",
	},
	StillOff: report.Message{
		En: "the account is still disabled",
		Ja: "アカウントはまだ無効",
	},
	StillAbsent: report.Message{
		En: "the account is not in the directory",
		Ja: "アカウントはディレクトリにない",
	},
	NoOffEvent: report.Message{
		En: "no DisableUser or DeleteUser of {account} before it in the trail since {since}",
		Ja: "{since} 以降の証跡に、その前の {account} の DisableUser や DeleteUser はない",
	},
	Unknown: report.Message{
		En: "cause unknown; ErrorCode {code}: {message}",
		Ja: "原因不明。ErrorCode {code}: {message}",
	},
	Quoted: report.Message{
		En: "ErrorCode {code}: {message}",
		Ja: "ErrorCode {code}: {message}",
	},
	NoError: report.Message{
		En: "cause unknown; the desktop carries no error text",
		Ja: "原因不明。デスクトップにエラーの記述がない",
	},
	Bundle:  report.Message{En: "bundle {ids}", Ja: "バンドル {ids}"},
	Bundles: report.Message{En: "bundles {ids}", Ja: "バンドル {ids}"},
	Recreates: report.Message{
		En: "tamachi morning --fix   terminates {n}, creates {n} ({how}), waits, verifies",
		Ja: "tamachi morning --fix   {n} 台を削除し、{n} 台を作成し ({how})、完了を待って確かめる",
	},
	RecreatesAnyway: report.Message{
		En: "find the cause first; tamachi morning --fix --anyway   terminates {n}, creates {n} ({how}) without knowing it",
		Ja: "まず原因を調べること。tamachi morning --fix --anyway   原因不明のまま {n} 台を削除し、{n} 台を作成する ({how})",
	},
	EnableFirst: report.Message{
		En: "enable the account: aws ds reset-user-password --directory-id {directory} --user-name {account} --new-password ...; then tamachi morning --fix",
		Ja: "アカウントを有効にする: aws ds reset-user-password --directory-id {directory} --user-name {account} --new-password ... その後 tamachi morning --fix",
	},
	DirectoryFirst: report.Message{
		En: "mend the directory first: aws ds describe-directories --directory-ids {directory}; then tamachi morning --fix",
		Ja: "先にディレクトリを直す: aws ds describe-directories --directory-ids {directory} その後 tamachi morning --fix",
	},
	LookBack: report.Message{
		En: "look further back: tamachi morning --since 72h",
		Ja: "もっと前から調べる: tamachi morning --since 72h",
	},
	CheckAccount: report.Message{
		En: "check the account: aws ds-data describe-user --directory-id {directory} --sam-account-name {account}",
		Ja: "アカウントを調べる: aws ds-data describe-user --directory-id {directory} --sam-account-name {account}",
	},
	More: report.Message{En: "{list} and {n} more", Ja: "{list} ほか {n}"},
	Interrupted: report.Message{
		En: "a repair was interrupted at {time}: {n} {n|user has|users have} no desktop: {users}",
		Ja: "{time} の修復が途中で止まり、{n} 人にデスクトップがない: {users}",
	},
	InterruptedNext: report.Message{
		En: "tamachi morning --fix   resumes: creates {n}, waits, verifies",
		Ja: "tamachi morning --fix   再開する: {n} 台を作成し、完了を待って確かめる",
	},
	Unhealthy: report.Message{
		En: "{n} {n|desktop|desktops} unhealthy: {users}",
		Ja: "デスクトップ {n} 台が異常: {users}",
	},
	UnhealthyNext: report.Message{
		En: "aws workspaces reboot-workspaces --reboot-workspace-requests {requests}",
		Ja: "aws workspaces reboot-workspaces --reboot-workspace-requests {requests}",
	},
	Stuck: report.Message{
		En: "{n} {n|desktop|desktops} {state} for {minutes} minutes or more: {users}",
		Ja: "デスクトップ {n} 台が {minutes} 分以上 {state} のまま: {users}",
	},
	StuckNext: report.Message{
		En: "since {time} ({event}); aws workspaces describe-workspaces --workspace-ids {ids}",
		Ja: "{time} から ({event})。aws workspaces describe-workspaces --workspace-ids {ids}",
	},
	Failed: report.Message{
		En: "{n} failed CreateWorkspaces between {from} and {to}: {code}{directory}",
		Ja: "{from} から {to} の間に CreateWorkspaces が {n} 回失敗: {code}{directory}",
	},
	FailedOnce: report.Message{
		En: "1 failed CreateWorkspaces at {time}: {code}{directory}",
		Ja: "{time} に CreateWorkspaces が 1 回失敗: {code}{directory}",
	},
	FailedIn: report.Message{En: ", directory {directory}", Ja: "、ディレクトリ {directory}"},
	FailedUsers: report.Message{
		En: "still without a desktop: {users}",
		Ja: "まだデスクトップがない: {users}",
	},
	FailedBy: report.Message{
		En: "called by {by} ({requests})",
		Ja: "呼び出し元 {by} ({requests})",
	},
	Impaired: report.Message{
		En: "directory {directory} is {stage}{reason}",
		Ja: "ディレクトリ {directory} が {stage}{reason}",
	},
	ImpairedNext: report.Message{
		En: "no desktop can be created in it until it is mended: aws ds describe-directories --directory-ids {directory}",
		Ja: "直るまでこのディレクトリではデスクトップを作れない: aws ds describe-directories --directory-ids {directory}",
	},
	Registration: report.Message{En: "registered with an ERROR", Ja: "登録エラー (ERROR)"},
	Healthy: report.Message{
		En: "all well, {counts}",
		Ja: "異常なし、{counts}",
	},
	Counts: report.Message{
		En: "{n} {n|desktop|desktops}: {inUse}, {recent}{onTheWay}, {error}",
		Ja: "デスクトップ {n} 台: {inUse}、{recent}{onTheWay}、{error}",
	},
	OnTheWay:      report.Message{En: ", {n} on the way", Ja: "、途中 {n}"},
	InUse:         report.Message{En: "{n} in use", Ja: "使用中 {n}"},
	InUseUnknown:  report.Message{En: "in use unknown", Ja: "使用中は不明"},
	Recent:        report.Message{En: "{n} created since {since}", Ja: "{since} 以降の作成 {n}"},
	RecentUnknown: report.Message{En: "recently created unknown", Ja: "最近の作成は不明"},
	Errors:        report.Message{En: "{n} in ERROR", Ja: "ERROR {n}"},
	Unanswered: report.Message{
		En: "not known: {problem}",
		Ja: "不明: {problem}",
	},
	Truncated: report.Message{
		En: "only the newest {n} {event} events were read",
		Ja: "{event} は新しい {n} 件だけを読んだ",
	},
	Resumes: report.Message{
		En: "this resumes the repair that was begun at {time}",
		Ja: "{time} に始めた修復を再開する",
	},
	LeftAlone: report.Message{
		En: "left alone: {n} {n|desktop|desktops} ({users}); {next}",
		Ja: "対象外: {n} 台 ({users})。{next}",
	},
	NothingToFix: report.Message{En: "nothing to repair", Ja: "修復するものはない"},
	PlanIs: report.Message{
		En: "plan: terminate {terminate}, create {create}",
		Ja: "計画: 削除 {terminate} 台、作成 {create} 台",
	},
	ColumnUser:      report.Message{En: "USER", Ja: "利用者"},
	ColumnOld:       report.Message{En: "TERMINATES", Ja: "削除"},
	ColumnDirectory: report.Message{En: "DIRECTORY", Ja: "ディレクトリ"},
	ColumnBundle:    report.Message{En: "BUNDLE", Ja: "バンドル"},
	ColumnMode:      report.Message{En: "MODE", Ja: "方式"},
	ColumnUsed:      report.Message{En: "LAST USED", Ja: "最終利用"},
	ColumnTags:      report.Message{En: "TAGS", Ja: "タグ"},
	ColumnNew:       report.Message{En: "NEW DESKTOP", Ja: "新しいデスクトップ"},
	ColumnState:     report.Message{En: "STATE", Ja: "状態"},
	ColumnError:     report.Message{En: "ERROR", Ja: "エラー"},
	VolumesLost: report.Message{
		En: "the root and user volumes of the {n} terminated {n|desktop|desktops} are deleted and cannot be restored",
		Ja: "削除する {n} 台のルートボリュームとユーザーボリュームは消え、元に戻せない",
	},
	TagsUnread: report.Message{
		En: "this endpoint does not answer DescribeTags: new desktops get no tags",
		Ja: "この接続先は DescribeTags に答えない: 新しいデスクトップにタグは付かない",
	},
	AlreadyGone: report.Message{En: "{id} (gone)", Ja: "{id} (削除済み)"},
	NeverUsed:   report.Message{En: "never", Ja: "なし"},
	Repaired: report.Message{
		En: "{n} {n|desktop|desktops} AVAILABLE in {took}",
		Ja: "デスクトップ {n} 台が {took} で AVAILABLE になった",
	},
	NotRepaired: report.Message{
		En: "{bad} of {n} {n|desktop|desktops} not repaired after {took}; tamachi morning shows why",
		Ja: "{n} 台のうち {bad} 台は {took} 後も直っていない。原因は tamachi morning で",
	},
	Progress: report.Message{
		En: "{n} of {of} accounts and Regions read",
		Ja: "アカウントとリージョン {of} 件中 {n} 件を読み取り済み",
	},
	AllPlaces: report.Message{
		En: "{places} accounts and Regions, {n} {n|desktop|desktops}, {broken} in ERROR",
		Ja: "アカウントとリージョン {places} 件、デスクトップ {n} 台、ERROR {broken} 台",
	},
	Stopped: report.Message{
		En: "stopped between two calls; tamachi morning --fix goes on",
		Ja: "呼び出しの区切りで停止した。tamachi morning --fix で続きから再開できる",
	},
	Interrupt: report.Message{
		En: "interrupted: tamachi morning --fix goes on from here ({problem})",
		Ja: "中断した。tamachi morning --fix で続きから再開できる ({problem})",
	},
	InAlarm: report.Message{En: "{n} {n|alarm|alarms} in ALARM", Ja: "アラーム {n} 件が ALARM"},
	Misnamed: report.Message{
		En: "{n} {n|alarm watches a metric|alarms watch metrics} that {namespace} does not have: no data ever comes",
		Ja: "アラーム {n} 件が {namespace} に存在しないメトリクスを監視 (データは届かない)",
	},
	MisnamedMeant: report.Message{En: "{metric} (probably meant: {meant})", Ja: "{metric} (正しくは {meant} か)"},
	MisnamedNext:  report.Message{En: "next: {command}", Ja: "次に: {command}"},
	AlarmOf:       report.Message{En: "{metric} of {user} ({desktop})", Ja: "{user} の {metric} ({desktop})"},
	AlarmOn:       report.Message{En: "{metric} of {desktop}", Ja: "{desktop} の {metric}"},
	AlarmSince:    report.Message{En: "since {time}", Ja: "{time} から"},
	AlarmTimes:    report.Message{En: "{times} time in {days} {days|day|days}", Ja: "{days} 日間で {times} 回目"},
	AndMore:       report.Message{En: "and {n} more", Ja: "ほか {n} 件"},
	AgentsLost: report.Message{
		En: "{n} {n|node's agent does|nodes' agents do} not answer: {names}",
		Ja: "ノード {n} 台のエージェントが応答しない: {names}",
	},
	AgentSince: report.Message{En: "{name} (since {time})", Ja: "{name} ({time} から)"},
	AgentsNext: report.Message{
		En: "reboot the desktop, or look at the agent on it; aws ssm describe-instance-information --filters Key=InstanceIds,Values={ids}",
		Ja: "デスクトップを再起動するか、中のエージェントを調べる。aws ssm describe-instance-information --filters Key=InstanceIds,Values={ids}",
	},
	NotStopping: report.Message{
		En: "{n} AUTO_STOP {n|desktop|desktops} that {n|does|do} not stop: {users}",
		Ja: "AUTO_STOP なのに止まらないデスクトップ {n} 台: {users}",
	},
	NotStoppingWhy: report.Message{
		En: "nobody connected since {time}, timeout {minutes} minutes, and no call that started it since (StartWorkspaces and others in the trail)",
		Ja: "{time} から誰も接続していない。タイムアウトは {minutes} 分で、その後に起動した呼び出し (StartWorkspaces など) は証跡にない",
	},
	NotStoppingNext: report.Message{
		En: "aws workspaces stop-workspaces --stop-workspace-requests {requests}",
		Ja: "aws workspaces stop-workspaces --stop-workspace-requests {requests}",
	},
	PatchesBroken: report.Message{En: "patches of {n} {n|node|nodes} {what}: {names}", Ja: "ノード {n} 台のパッチ適用が{what}: {names}"},
	PatchRestart:  report.Message{En: "were interrupted by a restart", Ja: "再起動で中断された"},
	PatchPutOff:   report.Message{En: "were put off, for users were connected", Ja: "利用者の接続中のため見送られた"},
	PatchNoEnd:    report.Message{En: "have not ended; a restart by the user is often why", Ja: "終わらない (利用者による再起動が原因のことが多い)"},
	PatchBadEnd:   report.Message{En: "failed", Ja: "失敗した"},
	PatchBy: report.Message{
		En: "{who}: {event} by {by} at {time}, while command {command} ran",
		Ja: "{who}: コマンド {command} の実行中、{time} に {by} が {event}",
	},
	PatchSaid:   report.Message{En: "{who}: {said}", Ja: "{who}: {said}"},
	PatchStatus: report.Message{En: "{who}: {status}, asked at {time}, command {command}", Ja: "{who}: {status}、{time} に要求、コマンド {command}"},
	PatchNext: report.Message{
		En: "aws ssm send-command --document-name AWS-RunPatchBaseline --parameters Operation=Install --targets Key=InstanceIds,Values={ids}",
		Ja: "aws ssm send-command --document-name AWS-RunPatchBaseline --parameters Operation=Install --targets Key=InstanceIds,Values={ids}",
	},
	PatchDraft: report.Message{
		En: "\"Your desktop was restarted while updates were being installed. Please save your work and restart it once more, then leave it on: the updates will be installed again.\"",
		Ja: "「更新プログラムの適用中にデスクトップが再起動されました。作業を保存してもう一度再起動し、そのまま電源を入れておいてください。更新をもう一度適用します。」",
	},
	PatchDraftWindows: report.Message{
		En: "\"Your desktop was restarted while Windows Update was running. Please restart it once more, then open Settings > Windows Update and choose 'Check for updates'. Do not restart until it says it is done.\"",
		Ja: "「Windows Update の途中でデスクトップが再起動されました。もう一度再起動してから、[設定] > [Windows Update] で [更新プログラムのチェック] を実行してください。完了と表示されるまで再起動しないでください。」",
	},
	Draft:             report.Message{En: "draft to {users}", Ja: "{users} への文案"},
	Tomorrow:          report.Message{En: "maintenance until tomorrow: {list}", Ja: "明日までのメンテナンス: {list}"},
	MaintenanceOf:     report.Message{En: "{n} {mode} {n|desktop|desktops} of {directory}, {when}", Ja: "{directory} の {mode} {n} 台、{when}"},
	MaintenanceWindow: report.Message{En: "{name}, {when}", Ja: "{name}、{when}"},
	StepEnd:           report.Message{En: "terminate the broken desktop of {user}", Ja: "{user} の壊れたデスクトップを削除"},
	StepCreate:        report.Message{En: "create a desktop for {user} (bundle {bundle}, {mode})", Ja: "{user} のデスクトップを作成 (バンドル {bundle}、{mode})"},
	StepLost:          report.Message{En: "both volumes", Ja: "両ボリューム"},
	StepResumed:       report.Message{En: "an earlier repair has terminated it", Ja: "前の修復で削除済み"},
	PostWhat: report.Message{
		En: "{n} {n|desktop|desktops} that failed were removed and created again: {users}",
		Ja: "作成に失敗していたデスクトップ {n} 台を削除し、作り直しました: {users}",
	},
	PostDo: report.Message{
		En: "please verify: aws workspaces describe-workspaces --workspace-ids {ids}; tamachi plan show {plan}",
		Ja: "確認をお願いします: aws workspaces describe-workspaces --workspace-ids {ids}、tamachi plan show {plan}",
	},
	Untold: report.Message{En: "the team was not told: {problem}", Ja: "チームへの連絡に失敗: {problem}"},
	Unverified: report.Message{
		En: "a repair was interrupted at {time}; nobody is without a desktop",
		Ja: "{time} の修復が途中で止まったが、デスクトップのない人はいない",
	},
	UnverifiedNext: report.Message{
		En: "tamachi morning --fix   goes on, waits, verifies",
		Ja: "tamachi morning --fix   続きを行い、完了を待って確かめる",
	},
	AndSteps:  report.Message{En: "{what}, and {n} more {n|step|steps}", Ja: "{what} ほか {n} 件"},
	HandOver:  report.Message{En: "hand-over of {by}, {time}:", Ja: "{by} からの引き継ぎ ({time}):"},
	Waits:     report.Message{En: "{n} {n|request waits|requests wait} for approval", Ja: "承認待ち {n} 件"},
	You:       report.Message{En: "you", Ja: "あなた"},
	WaitsFor:  report.Message{En: "{title}; asked by {by}, waits for {people} until {time}", Ja: "{title}。{by} が依頼、{people} の承認待ち ({time} まで)"},
	WaitsNext: report.Message{En: "tamachi approval show {id}", Ja: "tamachi approval show {id}"},
	OpenPlans: report.Message{En: "{n} {n|plan is|plans are} not done", Ja: "終わっていない計画 {n} 件"},
	OpenNext:  report.Message{En: "tamachi plan apply {id}", Ja: "tamachi plan apply {id}"},
	StandUp:   report.Message{En: "for the stand-up: {n} put right", Ja: "朝会用: 対処済み {n} 件"},
	Incident: report.Message{
		En: "fix: {what}; {done} of {of} done by {by} ({id})",
		Ja: "対処: {what}。{of} 件中 {done} 件完了、実行 {by} ({id})",
	},
	IncidentWhy: report.Message{En: "cause: {why}", Ja: "原因: {why}"},
	Unread:      report.Message{En: "not all of the desk's own files could be read: {problem}", Ja: "デスクのファイルに読めないものがある: {problem}"},
	NoJobs:      report.Message{En: "no command or automation runs", Ja: "実行中のコマンドや自動化はない"},
	Jobs:        report.Message{En: "{n} {n|job runs|jobs run} still", Ja: "実行中のジョブ {n} 件"},
	Command:     report.Message{En: "since {time}, {done} of {of} nodes done ({id})", Ja: "{time} から、{of} ノード中 {done} 完了 ({id})"},
	Automation:  report.Message{En: "since {time} ({id})", Ja: "{time} から ({id})"},
	JobRuns:     report.Message{En: "{document} runs since {time} ({id})", Ja: "{document} が {time} から実行中 ({id})"},
	Quiet: report.Message{
		En: "quiet hours from {from} to {to}: what is not urgent waits for tamachi notice digest",
		Ja: "静穏時間 {from} から {to}: 急ぎでない通知は tamachi notice digest まで待つ",
	},
	QuietNow: report.Message{
		En: "quiet hours now, from {from} to {to}: what is not urgent waits for tamachi notice digest",
		Ja: "いまは静穏時間 ({from} から {to}): 急ぎでない通知は tamachi notice digest まで待つ",
	},
	NotDone:    report.Message{En: "plan {id} ({duty}): {done} of {of} done", Ja: "計画 {id} ({duty}): {of} 件中 {done} 件完了"},
	NoteKept:   report.Message{En: "the note is kept for the next morning", Ja: "引き継ぎを次の朝のために保存した"},
	PostNote:   report.Message{En: "Hand-over by {by}: {n} open", Ja: "{by} からの引き継ぎ: 未了 {n} 件"},
	PostNoteDo: report.Message{En: "tamachi morning shows it again", Ja: "tamachi morning でも表示されます"},
}
