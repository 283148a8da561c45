package webaccess

// text is all that a person reads on the pages, in one language. The fields of
// Status are the values of the page's data-status attribute.
type text struct {
	Title, Unbuilt, UnbuiltHow             string
	Expired, ExpiredHow, Broken, BrokenHow string
	Reconnect, Clipboard, ClipboardHint    string
	Copy, Paste, Keyboard, FullScreen      string
	Compose, ComposeHint                   string
	Screen, Escape, Tab                    string
	Sound, SoundOn, SoundOff, SoundBlocked string
	Microphone, MicrophoneOn               string
	MicrophoneOff, NoMicrophone            string
	Paper, Ways, Help                      string
	SignIn, Code, User, Password, SignOut  string
	OneTime, NoScript                      string
	Choose, Open, None                     string
	Start, Restart, Rebuild, Extend, No    string
	SureRestart, SureRebuild, SureChange   string // {to} is what was chosen
	Choices, Compute, Mode, Change         string
	RootVolume, UserVolume                 string
	AlwaysOn, AutoStop, Manual             string
	StopsAt, EndsAt, Watched, Recorded     string // {when}, {minutes} and {who} are filled in by the page
	SignInStatus, States                   []status
	Status                                 []status
}

// status is one of the sentences that tell how the connection stands.
type status struct{ Name, Text string }

var english = text{
	Title:         "Desktop",
	Unbuilt:       "The viewer was not built; run make.",
	UnbuiltHow:    "This program was built without noVNC, the part that shows a desktop in the browser. Run make in its source folder and start the new program.",
	Expired:       "This link has been used or has expired.",
	ExpiredHow:    "A link opens a desktop once and is good for 60 seconds. Ask for a new one:",
	Broken:        "The link could not be checked.",
	BrokenHow:     "Nothing was used up. Load this page again in a moment.",
	Reconnect:     "Reconnect",
	Clipboard:     "Clipboard",
	ClipboardHint: "What is copied on the desktop appears here. Write here to paste it there.",
	Copy:          "Copy to this device",
	Paste:         "Send to the desktop",
	Keyboard:      "Keyboard",
	Compose:       "Japanese input",
	ComposeHint:   "Type with this device's input method",
	FullScreen:    "Full screen",
	Screen:        "Screen of the desktop",
	Sound:         "Sound",
	Ways:          "What is blocked?",
	Help:          "Help",
	Paper:         "Printed, to be kept within 30 minutes:",
	SoundOn:       "The desktop is heard. Press to mute it.",
	SoundOff:      "The desktop is muted. Press to hear it.",
	SoundBlocked:  "This browser plays nothing before you click. Press to hear the desktop.",
	Microphone:    "Microphone",
	MicrophoneOn:  "The desktop hears this device's microphone. Press to end that.",
	MicrophoneOff: "The desktop does not hear this device's microphone. Press to let it.",
	NoMicrophone:  "This browser does not give its microphone to this page. Allow it beside the address, then press again.",
	Escape:        "Esc",
	Tab:           "Tab",
	Start:         "Start",
	Restart:       "Restart",
	Rebuild:       "Rebuild",
	Extend:        "Keep it running",
	No:            "Cancel",
	SureRestart:   "Restart this desktop? Programs that run on it end, and what was not saved is lost.",
	SureRebuild:   "Rebuild this desktop? Its system disk is made anew: programs and settings of the system are as they were delivered. Your home folder stays. What was not saved is lost.",
	SureChange:    "Change this desktop to: {to}? A volume can be made larger, never smaller again. Programs go on running.",
	Choices:       "This desktop",
	Compute:       "Compute type",
	Mode:          "Running mode",
	RootVolume:    "System disk",
	UserVolume:    "Home folder",
	Change:        "Change",
	AlwaysOn:      "always on",
	AutoStop:      "stops by itself",
	Manual:        "manual",
	StopsAt:       "Stops at {when}, because nobody is connected: after {minutes} minutes it stops by itself. Files stay, programs end.",
	Watched:       "{who} from support is looking at this screen. Keys and pointer remain yours.",
	Recorded:      "{who} is recording this screen.",
	EndsAt:        "This session ends at {when}. Sign in again then; the desktop goes on.",
	Status: []status{
		{"connecting", "Connecting…"},
		{"connected", "Connected"},
		{"starting", "The desktop is starting. This page connects by itself."},
		{"stopped", "The desktop is stopped. This page connects by itself once it is started."},
		{"failed", "The desktop is in ERROR and has no screen."},
		{"gone", "The desktop is gone."},
		{"busy", "Too many windows show this desktop. Close one and reconnect."},
		{"lost", "The connection was lost. This page tries again by itself."},
		{"away", "Tamachi does not answer. This page tries again by itself."},
		{"maintenance", "An administrator works on this desktop. This page connects by itself once that is done."},
		{"address", "This desktop may not be used from this network. Ask your administrator."},
		{"device", "This desktop may not be used in a browser. Ask your administrator."},
		{"disabled", "Your account was disabled. Ask your administrator."},
		{"ended", "An administrator ended this session. Sign in again, or ask your administrator."},
		{"over", "This session is over. Sign in again, or ask for a new link: tamachi desktop open"},
	},
	SignIn: "Sign in", Code: "Registration code", User: "User name", Password: "Password", SignOut: "Sign out",
	NoScript: "This page needs JavaScript, which this browser has turned off.",
	OneTime:  "Code of your authenticator app",
	Choose:   "Your desktops", Open: "Open", None: "There is no desktop for you yet.",
	SignInStatus: []status{
		{"loading", "One moment…"},
		{"ready", "Your registration code is in the invitation mail."},
		{"checking", "Signing in…"},
		{"wrong", "The registration code, the user name or the password is wrong."},
		{"code", "Enter the code that your authenticator app shows now."},
		{"wrongcode", "That code is wrong, or was used already. Enter the next one. After five wrong codes, wait five minutes."},
		{"keptout", "Your account may not sign in: it is disabled or locked. Ask your administrator."},
		{"later", "Too many wrong passwords. Try again in a while; seconds left:"},
		{"away", "Tamachi or the directory does not answer. Try again in a moment."},
		{"gone", "That desktop is gone."},
		{"notnow", "That cannot be done now."},
		{"over", "You were signed out. Sign in again."},
		{"opening", "Opening…"},
		{"chosen", ""},
	},
	States: []status{
		{"AVAILABLE", "Ready"},
		{"STOPPED", "Stopped: it starts when you open it"},
		{"PENDING", "Being made"},
		{"STARTING", "Starting"},
		{"REBOOTING", "Restarting"},
		{"REBUILDING", "Being rebuilt"},
		{"RESTORING", "Being restored"},
		{"STOPPING", "Stopping"},
		{"ERROR", "Broken: your administrator sees it"},
		{"ADMIN_MAINTENANCE", "Under maintenance"},
		{"other", "Not ready"},
	},
}

var japanese = text{
	Title:         "デスクトップ",
	Unbuilt:       "ビューアーがビルドされていません。make を実行してください。",
	UnbuiltHow:    "このプログラムには、デスクトップをブラウザーに表示する noVNC が含まれていません。ソースのフォルダーで make を実行し、新しいプログラムを起動してください。",
	Expired:       "このリンクは使用済みか、有効期限が切れています。",
	ExpiredHow:    "リンクは 60 秒間有効で、一度だけ使えます。新しいリンクは次のコマンドで取得できます。",
	Broken:        "リンクを確認できませんでした。",
	BrokenHow:     "リンクはまだ使われていません。しばらくしてから、このページを再読み込みしてください。",
	Reconnect:     "再接続",
	Clipboard:     "クリップボード",
	ClipboardHint: "デスクトップでコピーした内容がここに表示されます。ここに入力すると、デスクトップへ送れます。",
	Copy:          "この端末にコピー",
	Paste:         "デスクトップへ送る",
	Keyboard:      "キーボード",
	Compose:       "日本語入力",
	ComposeHint:   "この端末の日本語入力 (IME) で入力します",
	FullScreen:    "全画面",
	Screen:        "デスクトップの画面",
	Sound:         "音声",
	Ways:          "接続の診断",
	Help:          "ヘルプ",
	Paper:         "印刷されました (30 分以内に保存してください):",
	SoundOn:       "デスクトップの音声を再生しています。押すと消音します。",
	SoundOff:      "デスクトップの音声を消音しています。押すと再生します。",
	SoundBlocked:  "このブラウザーは、クリックするまで音声を再生しません。押すと再生します。",
	Microphone:    "マイク",
	MicrophoneOn:  "この端末のマイクの音がデスクトップに届いています。押すと止めます。",
	MicrophoneOff: "この端末のマイクの音はデスクトップに届いていません。押すと届けます。",
	NoMicrophone:  "このブラウザーは、このページにマイクの使用を許可していません。アドレス欄の横で許可してから、もう一度押してください。",
	Escape:        "Esc",
	Tab:           "Tab",
	Start:         "起動",
	Restart:       "再起動",
	Rebuild:       "再構築",
	Extend:        "停止を延期",
	No:            "キャンセル",
	SureRestart:   "このデスクトップを再起動しますか。実行中のプログラムは終了し、保存していない内容は失われます。",
	SureRebuild:   "このデスクトップを再構築しますか。システムのディスクは初期状態に戻ります。ホームフォルダーは残りますが、保存していない内容は失われます。",
	SureChange:    "このデスクトップを「{to}」に変更しますか。ディスクは大きくできますが、小さくは戻せません。実行中のプログラムはそのまま動きます。",
	Choices:       "このデスクトップの構成",
	Compute:       "コンピューティングタイプ",
	Mode:          "実行モード",
	RootVolume:    "システムのディスク",
	UserVolume:    "ホームフォルダー",
	Change:        "変更する",
	AlwaysOn:      "常時稼働",
	AutoStop:      "自動停止",
	Manual:        "手動",
	StopsAt:       "{when} に停止します。誰も接続していない状態が {minutes} 分続くと自動で停止するためです。ファイルは残り、プログラムは終了します。",
	Watched:       "サポート担当の {who} がこの画面を見ています。操作はされません。",
	Recorded:      "{who} がこの画面を録画しています。",
	EndsAt:        "このセッションは {when} に終了します。その後、もう一度サインインしてください。デスクトップは動き続けます。",
	Status: []status{
		{"connecting", "接続しています…"},
		{"connected", "接続済み"},
		{"starting", "デスクトップを起動しています。起動すると自動で接続します。"},
		{"stopped", "デスクトップは停止しています。起動されると自動で接続します。"},
		{"failed", "デスクトップは ERROR の状態で、画面がありません。"},
		{"gone", "デスクトップは削除されました。"},
		{"busy", "このデスクトップを開いているウィンドウが多すぎます。一つ閉じて再接続してください。"},
		{"lost", "接続が切れました。自動で再試行します。"},
		{"away", "Tamachi が応答しません。自動で再試行します。"},
		{"maintenance", "管理者がこのデスクトップをメンテナンスしています。終わると自動で接続します。"},
		{"address", "このネットワークからは、このデスクトップを使用できません。管理者に連絡してください。"},
		{"device", "このデスクトップはブラウザーからは使用できません。管理者に連絡してください。"},
		{"disabled", "アカウントが無効になりました。管理者に連絡してください。"},
		{"ended", "管理者がこのセッションを終了しました。もう一度サインインするか、管理者に連絡してください。"},
		{"over", "このセッションは終了しました。もう一度サインインするか、新しいリンクを取得してください: tamachi desktop open"},
	},
	SignIn: "サインイン", Code: "登録コード", User: "ユーザー名", Password: "パスワード", SignOut: "サインアウト",
	NoScript: "このページには JavaScript が必要ですが、このブラウザーでは無効になっています。",
	OneTime:  "認証アプリのコード",
	Choose:   "あなたのデスクトップ", Open: "開く", None: "あなたのデスクトップはまだありません。",
	SignInStatus: []status{
		{"loading", "しばらくお待ちください…"},
		{"ready", "登録コードは招待メールに書かれています。"},
		{"checking", "サインインしています…"},
		{"wrong", "登録コード、ユーザー名、パスワードのいずれかが違います。"},
		{"code", "認証アプリに今表示されているコードを入力してください。"},
		{"wrongcode", "コードが違うか、すでに使われています。次のコードを入力してください。5 回続けて間違えた場合は 5 分待ってください。"},
		{"keptout", "このアカウントではサインインできません。無効化またはロックされています。管理者に連絡してください。"},
		{"later", "パスワードの間違いが続いたため、しばらく待ってからもう一度お試しください。残り秒数:"},
		{"away", "Tamachi またはディレクトリが応答しません。しばらくしてからもう一度お試しください。"},
		{"gone", "そのデスクトップはもうありません。"},
		{"notnow", "今はその操作を行えません。"},
		{"over", "サインアウトされました。もう一度サインインしてください。"},
		{"opening", "開いています…"},
		{"chosen", ""},
	},
	States: []status{
		{"AVAILABLE", "使用できます"},
		{"STOPPED", "停止中 (開くと起動します)"},
		{"PENDING", "作成中"},
		{"STARTING", "起動中"},
		{"REBOOTING", "再起動中"},
		{"REBUILDING", "再構築中"},
		{"RESTORING", "復元中"},
		{"STOPPING", "停止処理中"},
		{"ERROR", "故障 (管理者が確認できます)"},
		{"ADMIN_MAINTENANCE", "メンテナンス中"},
		{"other", "準備中"},
	},
}

func texts(lang string) text {
	if lang == "ja" {
		return japanese
	}
	return english
}
