package webaccess

// helpText is the page of help for a new site: ways in, passwords, printing, and
// what works with which client.
type helpText struct {
	Head, About string
	Parts       []helpPart
	Clients     string // heading of the table
	Features    []string
	Matrix      []clientRow
	Notes       []string // below the table
	Diagnose    string
	SignIn      string
}

// helpPart is a heading and its sentences; {host}, {port} and {sender} are filled
// in.
type helpPart struct {
	Head  string
	Lines []string
}

// clientRow is a client, and whether it has each of the features.
type clientRow struct {
	Name  string
	Cells []string
}

func helpTexts(lang string) helpText {
	if lang == "ja" {
		return japaneseHelp()
	}
	const yes, no = "yes", "no"
	return helpText{
		Head: "Help for a new site", About: "What is overlooked most often: ports, passwords, printing.", Diagnose: "Find out what is blocked", SignIn: "Sign in",
		Parts: []helpPart{
			{"Network", []string{
				"The browser needs TCP {port} to {host}, outbound, and WebSockets on that port. No other port, no UDP, nothing inbound.",
				"That the internet works does not mean that this works: a proxy may hold back WebSockets. The page below finds out, and writes the request to those who keep the firewall.",
				"Where nothing can be opened, a phone or tablet with its own line works, as nothing but that port is needed.",
			}},
			{"Password and mail", []string{
				"The password is each person's own: it is set by the link of the invitation, which works once. Administrators never see it. Where the directory is the company's own, its password is used.",
				"Invitations come from no-reply@ and the id of the directory, below {sender}. Let that sender through the mail filter before the first invitation. An administrator sees whether it was delivered, and sends it again.",
				"A password that has expired is changed on the sign-in page.",
			}},
			{"Printing", []string{
				"What is printed on the desktop arrives in the browser as a PDF file, where the administrator allows printing. Printers of this device or of the office are not seen by the desktop.",
				"Whoever must print and may not, asks the administrator: an exception can be granted until a date.",
			}},
			{"Meetings", []string{
				"Sound of the desktop is heard in the browser, and the desktop hears this device's microphone while the button is pressed, where the administrator allows it. A camera does not reach the desktop.",
			}},
		},
		Clients: "Clients", Features: []string{"Desktop", "Clipboard (text)", "Sound", "Printing (PDF)", "Microphone", "Camera", "Local printers"},
		Matrix: []clientRow{
			{"Browser on Windows, Mac, Linux", []string{yes, yes, yes, yes, yes, no, no}},
			{"Browser on a tablet or phone", []string{yes, yes, yes, yes, yes, no, no}},
			{"Amazon WorkSpaces client", []string{no, no, no, no, no, no, no}},
			{"RDP, VNC", []string{no, no, no, no, no, no, no}},
		},
		Notes: []string{
			"The Amazon WorkSpaces client cannot connect: it speaks PCoIP or DCV to AWS's own gateways, at addresses that it knows itself.",
			"RDP and VNC clients cannot connect: a desktop's screen is reached by the page alone, after signing in.",
			"Clipboard, sound and printing as the administrator allows them. Tests run with Chromium; other browsers are not tried.",
		},
	}
}

func japaneseHelp() helpText {
	const yes, no = "可", "不可"
	return helpText{
		Head: "初めての拠点のためのヘルプ", About: "見落とされやすいもの: ポート、パスワード、印刷。", Diagnose: "遮断されている経路を確認する", SignIn: "サインイン",
		Parts: []helpPart{
			{"ネットワーク", []string{
				"ブラウザーから {host} への TCP {port} (外向き) と、同じポートでの WebSocket が必要です。その他のポート、UDP、内向きの通信は不要です。",
				"インターネットが使えても、この通信が通るとは限りません。プロキシーが WebSocket を止めることがあります。下のページで確認でき、ファイアウォール管理者への依頼票も作れます。",
				"ポートを開けられない場合は、モバイル回線のスマートフォンやタブレットから使えます。必要なのはこのポートだけです。",
			}},
			{"パスワードとメール", []string{
				"パスワードは本人が招待メールのリンクで設定します。リンクは一度だけ使えます。管理者がパスワードを見ることはありません。社内のディレクトリを使う場合は、そのパスワードです。",
				"招待メールの差出人は no-reply@ とディレクトリの ID で、ドメインは {sender} です。最初の招待の前に、メールフィルターでこの差出人を許可してください。配送の状態は管理者が確認でき、再送もできます。",
				"期限の切れたパスワードは、サインインのページで変更できます。",
			}},
			{"印刷", []string{
				"管理者が許可している場合、デスクトップで印刷したものは PDF ファイルとしてブラウザーに届きます。この端末や社内のプリンターは、デスクトップからは見えません。",
				"印刷が必要なのに許可されていないときは、管理者に申請してください。期限付きの例外を認められます。",
			}},
			{"会議", []string{
				"デスクトップの音はブラウザーで聞こえます。管理者が許可している場合、「マイク」を押している間、この端末のマイクの音がデスクトップに届きます。カメラはデスクトップに届きません。",
			}},
		},
		Clients: "クライアント", Features: []string{"デスクトップ", "クリップボード (文字)", "音声", "印刷 (PDF)", "マイク", "カメラ", "端末のプリンター"},
		Matrix: []clientRow{
			{"Windows、Mac、Linux のブラウザー", []string{yes, yes, yes, yes, yes, no, no}},
			{"タブレット、スマートフォンのブラウザー", []string{yes, yes, yes, yes, yes, no, no}},
			{"Amazon WorkSpaces クライアント", []string{no, no, no, no, no, no, no}},
			{"RDP、VNC", []string{no, no, no, no, no, no, no}},
		},
		Notes: []string{
			"Amazon WorkSpaces クライアントでは接続できません。AWS のゲートウェイと PCoIP または DCV で通信し、その宛先は変えられないためです。",
			"RDP や VNC のクライアントでは接続できません。画面は、サインインした後のページからだけ使えます。",
			"クリップボード、音声、印刷は管理者が許可している範囲です。動作は Chromium で確認しています。その他のブラウザーは未確認です。",
		},
	}
}
