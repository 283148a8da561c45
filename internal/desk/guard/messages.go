package guard

import "tamachi/internal/desk/report"

// text is everything that this duty says to a person.
var text = struct {
	Head, Counts, Nobody, CutOff, Undecided, ThroughServices, ColumnPrincipal, ColumnAction, ColumnVia, ColumnCount, ColumnLast,
	ColumnBy, ColumnMissing, ColumnForwarded, ColumnRole, ColumnLinked, Passes, IsCut, Unsure, Line, NoAllow, ModesNote, Reading,
	MayNothing, CanHead, IsDenied, ColumnResources, Lacks, NothingAllows, NobodyMay, ColumnMay, ColumnAsks, MayYes, MayNo, MayDepends, OrgUnread,
	AccessYes, AccessNo, AccessDepends, AccessRecorded, AccessMissing, AccessChanges, AccessKeepers, Step, StepAllow, StepDeny,
	StepApplies, StepNot, StepUnknown, Condition, ConditionHolds, ConditionFails, ConditionUnknown report.Message
}{
	Head: report.Message{
		En: "{policy} ({type}), tried on the calls since {since}",
		Ja: "{policy} ({type}) を {since} 以降の呼び出しで試した結果",
	},
	Counts: report.Message{
		En: "{read} events read: {decided} decided, {spared} not held by it, {refused} denied already",
		Ja: "イベント {read} 件: 判定 {decided} 件、対象外 {spared} 件、もともと拒否 {refused} 件",
	},
	Nobody: report.Message{En: "Nobody would be cut off.", Ja: "拒否されるようになる人はいません。"},
	CutOff: report.Message{
		En: "{n} {n|kind of call|kinds of calls} would be cut off:",
		Ja: "拒否されるようになる呼び出し {n} 種類:",
	},
	Undecided: report.Message{
		En: "{n} {n|kind of call|kinds of calls} cannot be decided from the records:",
		Ja: "記録だけでは判定できない呼び出し {n} 種類:",
	},
	ThroughServices: report.Message{
		En: "Calls that services made, by how the service is given its rights:",
		Ja: "サービスが行った呼び出し (サービスに渡す権限の種類ごと):",
	},
	ColumnPrincipal: report.Message{En: "PRINCIPAL", Ja: "プリンシパル"},
	ColumnAction:    report.Message{En: "ACTION", Ja: "アクション"},
	ColumnVia:       report.Message{En: "SERVICE", Ja: "サービス"},
	ColumnCount:     report.Message{En: "CALLS", Ja: "回数"},
	ColumnLast:      report.Message{En: "LAST", Ja: "最後"},
	ColumnBy:        report.Message{En: "DECIDED BY", Ja: "決め手"},
	ColumnMissing:   report.Message{En: "MISSING", Ja: "記録にない条件キー"},
	ColumnForwarded: report.Message{En: "CALLER'S SESSION", Ja: "呼び出し元のセッション"},
	ColumnRole:      report.Message{En: "SERVICE ROLE", Ja: "サービスロール"},
	ColumnLinked:    report.Message{En: "SERVICE-LINKED ROLE", Ja: "サービスにリンクされたロール"},
	Passes:          report.Message{En: "passes", Ja: "通る"},
	IsCut:           report.Message{En: "cut off", Ja: "拒否"},
	Unsure:          report.Message{En: "undecided", Ja: "不明"},
	Line:            report.Message{En: "{statement}, line {line}", Ja: "{statement} ({line} 行目)"},
	NoAllow:         report.Message{En: "nothing allows it", Ja: "許可する文がない"},
	ModesNote: report.Message{
		En: "A service role is held like any role of the account, at the service's address; a service-linked role is not held.",
		Ja: "サービスロールはアカウントの他のロールと同じく制限され、接続元はサービスのアドレスになります。サービスにリンクされたロールは制限されません。",
	},
	MayNothing:      report.Message{En: "{principal} may do nothing: no policy allows anything.", Ja: "{principal} は何も許可されていません (許可するポリシーがありません)。"},
	CanHead:         report.Message{En: "What {principal} may do:", Ja: "{principal} に許可されている操作:"},
	IsDenied:        report.Message{En: "denied", Ja: "拒否"},
	ColumnResources: report.Message{En: "ON", Ja: "対象リソース"},
	Lacks:           report.Message{En: "no {type} allows it", Ja: "{type} に許可がない"},
	NothingAllows:   report.Message{En: "Allowed by no policy: {n} {n|action|actions} more.", Ja: "許可するポリシーがないアクション: 他に {n} 件"},
	NobodyMay:       report.Message{En: "No user or role of the account may.", Ja: "このアカウントのユーザーとロールには許可されていません。"},
	ColumnMay:       report.Message{En: "MAY", Ja: "可否"},
	ColumnAsks:      report.Message{En: "DEPENDS ON", Ja: "条件キー"},
	MayYes:          report.Message{En: "yes", Ja: "可"},
	MayNo:           report.Message{En: "no", Ja: "不可"},
	MayDepends:      report.Message{En: "depends", Ja: "条件次第"},
	OrgUnread: report.Message{
		En: "The organization could not be read, so service control policies are not counted: {why}",
		Ja: "組織を読み取れないため、サービスコントロールポリシーは判定に含まれていません: {why}",
	},
	AccessYes: report.Message{En: "{principal} may {action} on {resource}.", Ja: "{principal} は {resource} に対する {action} を許可されています。"},
	AccessNo: report.Message{
		En: "{principal} may not {action} on {resource}; decided by: {by}.",
		Ja: "{principal} は {resource} に対する {action} を許可されていません。決め手: {by}",
	},
	AccessDepends: report.Message{
		En: "Whether {principal} may {action} on {resource} depends on the call.",
		Ja: "{principal} が {resource} に対して {action} できるかどうかは、呼び出しの条件によります。",
	},
	AccessRecorded:   report.Message{En: "The call was answered {code} then.", Ja: "当時の応答: {code}"},
	AccessMissing:    report.Message{En: "Condition keys that are asked for and not known:", Ja: "条件で使われるが不明なキー:"},
	AccessChanges:    report.Message{En: "What would have to change:", Ja: "許可するには次の変更が必要です:"},
	AccessKeepers:    report.Message{En: "Who may change the policies of this principal:", Ja: "このプリンシパルのポリシーを変更できる人:"},
	Step:             report.Message{En: "{where}: {policy}, {statement} (line {line}) {effect}; {whether}", Ja: "{where}: {policy}、{statement} ({line} 行目) {effect}、{whether}"},
	StepAllow:        report.Message{En: "allows", Ja: "許可"},
	StepDeny:         report.Message{En: "denies", Ja: "拒否"},
	StepApplies:      report.Message{En: "it applies", Ja: "該当する"},
	StepNot:          report.Message{En: "it does not apply", Ja: "該当しない"},
	StepUnknown:      report.Message{En: "not known whether it applies", Ja: "該当するか不明"},
	Condition:        report.Message{En: "{operator} {key} [{wanted}]: {met} (got [{got}])", Ja: "{operator} {key} [{wanted}]: {met} (実際の値 [{got}])"},
	ConditionHolds:   report.Message{En: "holds", Ja: "成立"},
	ConditionFails:   report.Message{En: "does not hold", Ja: "不成立"},
	ConditionUnknown: report.Message{En: "not known", Ja: "不明"},
	Reading:          report.Message{En: "{n} events read", Ja: "イベント {n} 件を読み込みました"},
}
