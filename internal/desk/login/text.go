package login

import (
	"fmt"
	"io"
	"strings"

	"tamachi/internal/desk/report"
)

// text is everything that the diagnosis says to a person.
var text = struct {
	Head, HeadDesktop, Open, Next,
	Good, Bad, Unknown, Untried,
	Desktop, Directory, User, Account, Password, Code, Address, Device, State,
	Nearest, NoDirectory, NotRegistered, LookElsewhere, RegisterNext, NoDesktop, CreateDesktop, DesktopIs,
	RegistrationIs, StageUnknown, StageIs, MendDirectory,
	UserUnknown, UserIs, NoUser, CreateUser, EnabledUnknown, Enabled, Disabled, NeverSet, ResetPassword, Changed, AskThem,
	CodeUnknown, CodeIs, CodeWrong, UseCode, AnyAddress, OnlyFrom, SayFrom, AddressFits, AddressRefused, Authorize,
	AnyDevice, DevicesRefused, SayDevice, DeviceRefused, DeviceTrusted, DeviceFits, AllowDevice,
	StateIs, WakesItself, Start, Wait, Reboot, EndMaintenance, SeeMorning, Reason, Unanswered report.Message
}{
	Head:        report.Message{En: "{user} in {directory}", Ja: "{directory} の {user}"},
	HeadDesktop: report.Message{En: "{user} to {desktop} in {directory}", Ja: "{user} から {desktop} へ ({directory})"},
	Open:        report.Message{En: "nothing that can be read stands in the way", Ja: "読み取れる範囲に妨げはない"},
	Next:        report.Message{En: "next", Ja: "次に"},
	Good:        report.Message{En: "ok", Ja: "正常"},
	Bad:         report.Message{En: "NO", Ja: "不可"},
	Unknown:     report.Message{En: "?", Ja: "不明"},
	Untried:     report.Message{En: "-", Ja: "-"},
	Desktop:     report.Message{En: "desktop", Ja: "デスクトップ"},
	Directory:   report.Message{En: "directory", Ja: "ディレクトリ"},
	User:        report.Message{En: "user", Ja: "利用者"},
	Account:     report.Message{En: "enabled", Ja: "有効"},
	Password:    report.Message{En: "password", Ja: "パスワード"},
	Code:        report.Message{En: "code", Ja: "登録コード"},
	Address:     report.Message{En: "address", Ja: "接続元"},
	Device:      report.Message{En: "device", Ja: "端末"},
	State:       report.Message{En: "state", Ja: "状態"},

	Nearest:     report.Message{En: "closest is {names}", Ja: "近い名前は {names}"},
	NoDirectory: report.Message{En: "no directory is registered for desktops in {region}", Ja: "{region} にデスクトップ用として登録されたディレクトリがない"},
	NotRegistered: report.Message{
		En: "directory {directory} is not registered for desktops",
		Ja: "ディレクトリ {directory} はデスクトップ用に登録されていない",
	},
	LookElsewhere: report.Message{En: "look in another Region or account: --region, --profile", Ja: "別のリージョンまたはアカウントを調べる: --region、--profile"},
	RegisterNext: report.Message{
		En: "aws workspaces register-workspace-directory --directory-id {directory}",
		Ja: "aws workspaces register-workspace-directory --directory-id {directory}",
	},
	NoDesktop: report.Message{En: "{user} has no desktop in {directory}", Ja: "{user} のデスクトップが {directory} にない"},
	CreateDesktop: report.Message{
		En: "correct the name, or create one: aws workspaces create-workspaces --workspaces DirectoryId={directory},UserName={user},BundleId=wsb-...",
		Ja: "名前を正すか、作成する: aws workspaces create-workspaces --workspaces DirectoryId={directory},UserName={user},BundleId=wsb-...",
	},
	DesktopIs: report.Message{En: "{id} is there", Ja: "{id} がある"},
	RegistrationIs: report.Message{
		En: "registration of {directory} is {state} {error}",
		Ja: "{directory} の登録は {state} {error}",
	},
	StageUnknown: report.Message{En: "the stage of {directory} could not be read", Ja: "{directory} の状態を読めなかった"},
	StageIs:      report.Message{En: "{directory} is {stage} {reason}", Ja: "{directory} は {stage} {reason}"},
	MendDirectory: report.Message{
		En: "aws ds describe-directories --directory-ids {directory}",
		Ja: "aws ds describe-directories --directory-ids {directory}",
	},
	UserUnknown: report.Message{
		En: "the users of {directory} could not be read; ask those who keep it",
		Ja: "{directory} の利用者を読めなかった。管理者に確かめる",
	},
	UserIs: report.Message{En: "{user} is in {directory}", Ja: "{user} は {directory} にいる"},
	NoUser: report.Message{En: "no such user: {user} in {directory}", Ja: "{directory} に {user} という利用者はいない"},
	CreateUser: report.Message{
		En: "correct the name, or create the account: aws ds-data create-user --directory-id {directory} --sam-account-name {user}",
		Ja: "名前を正すか、アカウントを作成する: aws ds-data create-user --directory-id {directory} --sam-account-name {user}",
	},
	EnabledUnknown: report.Message{En: "not known whether the account is enabled", Ja: "アカウントが有効かどうかは不明"},
	Enabled:        report.Message{En: "the account is enabled", Ja: "アカウントは有効"},
	Disabled:       report.Message{En: "the account is disabled", Ja: "アカウントは無効"},
	NeverSet:       report.Message{En: "no password was set since", Ja: "その後パスワードは設定されていない"},
	ResetPassword: report.Message{
		En: "set a password, which enables it: aws ds reset-user-password --directory-id {directory} --user-name {user} --new-password ...",
		Ja: "パスワードを設定する (アカウントも有効になる): aws ds reset-user-password --directory-id {directory} --user-name {user} --new-password ...",
	},
	Changed: report.Message{En: "{event} at {time} by {by}", Ja: "{time} に {by} が {event}"},
	AskThem: report.Message{
		En: "whether it is right, has expired or is locked, no call of AWS tells: the sign-in page does",
		Ja: "正しいか、期限切れか、ロックされているかは AWS の API では分からない。サインイン画面の表示を確かめる",
	},
	CodeUnknown: report.Message{En: "the registration code of {directory} could not be read", Ja: "{directory} の登録コードを読めなかった"},
	CodeIs:      report.Message{En: "the registration code is {code}", Ja: "登録コードは {code}"},
	CodeWrong:   report.Message{En: "{typed} is not the registration code", Ja: "{typed} は登録コードではない"},
	UseCode:     report.Message{En: "use {code}", Ja: "{code} を使う"},
	AnyAddress:  report.Message{En: "any address may enter", Ja: "接続元の制限はない"},
	OnlyFrom:    report.Message{En: "only from {rules}", Ja: "許可された接続元は {rules} だけ"},
	SayFrom:     report.Message{En: "say where the client is: --from ADDRESS", Ja: "接続元を指定する: --from アドレス"},
	AddressFits: report.Message{En: "{address} is in {rule}", Ja: "{address} は {rule} に含まれる"},
	AddressRefused: report.Message{
		En: "{address} is in no IP access group of the directory",
		Ja: "{address} はディレクトリのどの IP アクセスグループにも含まれない",
	},
	Authorize: report.Message{
		En: "aws workspaces authorize-ip-rules --group-id {group} --user-rules ipRule={address}",
		Ja: "aws workspaces authorize-ip-rules --group-id {group} --user-rules ipRule={address}",
	},
	AnyDevice:      report.Message{En: "no kind of device is refused", Ja: "拒否される種類の端末はない"},
	DevicesRefused: report.Message{En: "refused or only with a certificate: {devices}", Ja: "拒否、または証明書が必要: {devices}"},
	SayDevice:      report.Message{En: "say what the client is: --device KIND", Ja: "端末の種類を指定する: --device 種類"},
	DeviceRefused:  report.Message{En: "{device} is refused", Ja: "{device} は拒否される"},
	DeviceTrusted:  report.Message{En: "{device} only with a certificate", Ja: "{device} には証明書が必要"},
	DeviceFits:     report.Message{En: "{device} may enter", Ja: "{device} は許可されている"},
	AllowDevice: report.Message{
		En: "aws workspaces modify-workspace-access-properties --resource-id {directory} --workspace-access-properties ...=ALLOW",
		Ja: "aws workspaces modify-workspace-access-properties --resource-id {directory} --workspace-access-properties ...=ALLOW",
	},
	StateIs:     report.Message{En: "{id} is {state} {mode}", Ja: "{id} は {state} {mode}"},
	WakesItself: report.Message{En: "the sign-in starts it", Ja: "サインインすると起動する"},
	Start:       report.Message{En: "aws workspaces start-workspaces --start-workspace-requests WorkspaceId={id}", Ja: "aws workspaces start-workspaces --start-workspace-requests WorkspaceId={id}"},
	Wait:        report.Message{En: "it is on the way; look again in some minutes", Ja: "処理中。数分後にもう一度確かめる"},
	Reboot:      report.Message{En: "aws workspaces reboot-workspaces --reboot-workspace-requests WorkspaceId={id}", Ja: "aws workspaces reboot-workspaces --reboot-workspace-requests WorkspaceId={id}"},
	EndMaintenance: report.Message{
		En: "aws workspaces modify-workspace-state --workspace-id {id} --workspace-state AVAILABLE",
		Ja: "aws workspaces modify-workspace-state --workspace-id {id} --workspace-state AVAILABLE",
	},
	SeeMorning: report.Message{En: "tamachi morning says why, and --fix creates it again", Ja: "原因は tamachi morning で。--fix で作り直せる"},
	Reason:     report.Message{En: "reason: {error}", Ja: "理由: {error}"},
	Unanswered: report.Message{En: "not known: {problem}", Ja: "不明: {problem}"},
}

// names of the facts and marks of the verdicts.
var (
	facts = map[string]report.Message{
		"desktop": text.Desktop, "directory": text.Directory, "user": text.User, "enabled": text.Account,
		"password": text.Password, "code": text.Code, "address": text.Address, "device": text.Device, "state": text.State,
	}
	marks = map[Verdict]report.Message{Good: text.Good, Bad: text.Bad, Unknown: text.Unknown, Untried: text.Untried}
)

// Write prints the diagnosis for a person.
func (p *Plan) Write(w io.Writer, lang report.Lang) error {
	for i, way := range p.Ways {
		if i > 0 {
			fmt.Fprintln(w)
		}
		head := text.Head
		if way.Desktop != "" {
			head = text.HeadDesktop
		}
		fmt.Fprintln(w, head.In(lang, "user", p.Asked.User, "directory", way.Directory, "desktop", way.Desktop))
		if err := way.table(lang).Write(w, "  "); err != nil {
			return err
		}
		for _, found := range way.Findings {
			for _, next := range found.Next {
				fmt.Fprintf(w, "%s: %s\n", text.Next.In(lang), next.In(lang))
			}
		}
	}
	if !p.Blocked() {
		fmt.Fprintln(w, text.Open.In(lang))
	}
	for _, problem := range p.Unanswered {
		fmt.Fprintln(w, text.Unanswered.In(lang, "problem", problem.In(lang)))
	}
	return nil
}

func (y Way) table(lang report.Lang) report.Table {
	var t report.Table
	for _, found := range y.Findings {
		row := []string{facts[found.Fact].In(lang), marks[found.Verdict].In(lang)}
		var said []string
		for _, line := range found.Evidence {
			said = append(said, line.In(lang))
		}
		if len(said) > 0 {
			row = append(row, strings.Join(said, "; "))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
