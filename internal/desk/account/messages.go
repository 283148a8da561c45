package account

import (
	"tamachi/internal/desk/report"
)

// text is everything that this package says to a person.
var text = struct {
	NoCredentials, BadCredentials, NoRegion, NoProfile, Unreachable, Denied, DeniedCaller, UnknownOperation,
	Throttled, Missing, Stopped, Other, Plain, Working report.Message
}{
	Working: report.Message{En: `{n} {n|call|calls} so far, {took}`, Ja: `API 呼び出し {n} 回、{took}経過`},
	NoCredentials: report.Message{
		En: `no AWS credentials found; set AWS_PROFILE, or for a plane of your own: eval "$(tamachi env)"`,
		Ja: `AWS の認証情報が見つかりません。AWS_PROFILE を設定するか、手元のプレーンなら eval "$(tamachi env)" を実行してください`,
	},
	BadCredentials: report.Message{
		En: `{action}: the endpoint does not accept these credentials ({code}: {message}); are they expired, or of another endpoint?`,
		Ja: `{action}: 接続先がこの認証情報を受け付けません ({code}: {message})。期限切れか、別の接続先のものではありませんか`,
	},
	NoRegion: report.Message{
		En: `no Region is set; set AWS_REGION or use --region; for a plane of your own run eval "$(tamachi env)"`,
		Ja: `リージョンが未設定です。AWS_REGION を設定するか --region を付けてください。手元のプレーンなら eval "$(tamachi env)" を実行してください`,
	},
	NoProfile: report.Message{
		En: `the AWS profile does not exist: {message}`,
		Ja: `AWS プロファイルがありません: {message}`,
	},
	Unreachable: report.Message{
		En: `{action}: nothing answers at the endpoint ({message}); is AWS_ENDPOINT_URL right, and is the plane running (tamachi serve)?`,
		Ja: `{action}: 接続先が応答しません ({message})。AWS_ENDPOINT_URL は正しいですか。プレーン (tamachi serve) は動いていますか`,
	},
	Denied: report.Message{
		En: `{action} is denied; ask for this action (--policy prints what the duty needs)`,
		Ja: `{action} が拒否されました。この権限を依頼してください (--policy で必要な権限を表示)`,
	},
	DeniedCaller: report.Message{
		En: `{action} is denied to {caller}; ask for this action (--policy prints what the duty needs)`,
		Ja: `{action} が {caller} に許可されていません。この権限を依頼してください (--policy で必要な権限を表示)`,
	},
	UnknownOperation: report.Message{
		En: `{action} is not answered by this endpoint`,
		Ja: `{action} にこの接続先は答えられません`,
	},
	Throttled: report.Message{
		En: `{action} was throttled again and again; try later`,
		Ja: `{action} が繰り返し制限されました。後でやり直してください`,
	},
	Missing: report.Message{
		En: `{action}: not there ({message})`,
		Ja: `{action}: 見つかりません ({message})`,
	},
	Stopped: report.Message{
		En: `stopped before {action} was answered`,
		Ja: `{action} の応答を待たずに中止しました`,
	},
	Other: report.Message{
		En: `{action}: {code}: {message}`,
		Ja: `{action}: {code}: {message}`,
	},
	Plain: report.Message{
		En: `{action}: {message}`,
		Ja: `{action}: {message}`,
	},
}

// In says the problem and the next step in the reader's language.
func (p *Problem) In(l report.Lang) string {
	m, action := text.Other, p.Action
	if action == "" {
		action = "AWS"
	}
	switch p.Kind {
	case NoCredentials:
		m = text.NoCredentials
	case BadCredentials:
		m = text.BadCredentials
	case NoRegion:
		m = text.NoRegion
	case NoProfile:
		m = text.NoProfile
	case Unreachable:
		m = text.Unreachable
	case Denied:
		m = text.Denied
		if p.Caller() != "" {
			m = text.DeniedCaller
		}
	case Unknown:
		m = text.UnknownOperation
	case Throttled:
		m = text.Throttled
	case Missing:
		m = text.Missing
	case Stopped:
		m = text.Stopped
	case Other:
		if p.Code == "" {
			m = text.Plain
		}
	}
	return m.In(l, "action", action, "code", p.Code, "message", p.Message, "caller", p.Caller())
}
