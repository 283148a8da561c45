package webaccess

// diagnoseText is all that a person reads on the page of ways in.
type diagnoseText struct {
	Head, About, Again, Fine, Sheet, Print string
	Detail                                 string // before what the browser says itself
	Ways                                   []way
	Verdicts                               []status // open, blocked, unknown, trying
	Rows                                   []sheetRow
}

// way is one way in: what it is, and for each cause why it is blocked and who
// mends that.
type way struct {
	Name, Text string
	Causes     []status
}

// sheetRow is a line of the request to those who keep the firewall; {host} and
// {port} are filled in by the page.
type sheetRow struct{ Name, Text string }

func diagnoseTexts(lang string) diagnoseText {
	if lang == "ja" {
		return diagnoseText{
			Head: "接続の診断", About: "この端末から仮想デスクトップを使うための経路を、ブラウザーで確認します。", Again: "もう一度確認",
			Fine: "遮断されている経路はありません。", Sheet: "ファイアウォール設定依頼票", Print: "印刷", Detail: "詳細:",
			Ways: []way{
				{"port", "名前解決とポート", []status{{"lost", "このページは表示できましたが、サーバーに接続できなくなりました。ネットワーク、または途中のファイアウォールを確認してください。"}}},
				{"certificate", "証明書 (TLS)", []status{{"plain", "暗号化されていない接続です。https:// で始まるアドレスを使ってください。クリップボードの連携も利用できません。"}}},
				{"page", "ページ", []status{{"stranger", "Tamachi 以外の応答です。多くの場合、プロキシーのページです。プロキシーの管理者に、このサーバーを検査の対象外とするよう依頼してください。"}}},
				{"stream", "画面と音声 (WebSocket)", []status{
					{"closed", "WebSocket が通りません。途中のプロキシーが Upgrade 要求を中継していません。プロキシーの管理者に依頼してください。"},
					{"silent", "WebSocket は開きますが、データが届きません。途中の機器が通信を溜めているか、破棄しています。"},
				}},
				{"delay", "往復時間", []status{{"slow", "サーバーまでの往復に 200 ミリ秒以上かかります。文字入力が遅れて感じられます。回線、VPN、プロキシーを確認してください。"}}},
				{"clock", "時刻", []status{{"skew", "この端末の時刻のずれが大きすぎます。認証アプリのコードが拒否されます。NTP で時刻を合わせてください。"}}},
			},
			Verdicts: []status{{"trying", "確認中…"}, {"open", "正常"}, {"blocked", "遮断"}, {"poor", "要確認"}, {"unknown", "未確認"}},
			Rows: []sheetRow{
				{"目的", "ブラウザーによる仮想デスクトップの利用"},
				{"送信元", "利用者端末のネットワーク (ご記入ください)"},
				{"宛先", "{host}"},
				{"ポート", "TCP {port} (外向きのみ。内向き、UDP、4172 などその他のポートは不要)"},
				{"プロトコル", "HTTPS、および同じポート上の WebSocket (RFC 6455)"},
				{"プロキシー", "Upgrade 要求を中継すること。無通信の切断は 60 秒以上。TLS 検査の対象外とすること"},
				{"名前解決", "利用者端末の DNS で {host} を解決できること"},
				{"アドレスの一覧", "tamachi diagnose client を実行すると、宛先の IP アドレスも印刷されます"},
			},
		}
	}
	return diagnoseText{
		Head: "Ways in", About: "This page finds out, with this browser, whether virtual desktops can be used from here.", Again: "Try again",
		Fine: "Nothing is blocked.", Sheet: "Request to those who keep the firewall", Print: "Print", Detail: "In detail:",
		Ways: []way{
			{"port", "Name and port", []status{{"lost", "This page came, but the server cannot be reached any more. Look at the network, or at a firewall on the way."}}},
			{"certificate", "Certificate (TLS)", []status{{"plain", "This connection is not encrypted: use an address that begins with https://. The clipboard does not work by itself without, either."}}},
			{"page", "Page", []status{{"stranger", "Something else than Tamachi answers: a proxy's page, mostly. Ask those who keep the proxy for an exception from inspection."}}},
			{"stream", "Screen and sound (WebSocket)", []status{
				{"closed", "The WebSocket does not pass: a proxy on the way does not carry Upgrade requests. Ask those who keep it."},
				{"silent", "The WebSocket opens and nothing comes through it: something on the way holds it back, or drops it."},
			}},
			{"delay", "Round trip", []status{{"slow", "It takes 200 ms or more to the server and back: typing will feel slow. Look at the line, at VPN and proxy."}}},
			{"clock", "Clock", []status{{"skew", "This device's clock is too far off: codes of authenticator apps will be refused. Set it by NTP."}}},
		},
		Verdicts: []status{{"trying", "trying…"}, {"open", "open"}, {"blocked", "BLOCKED"}, {"poor", "poor"}, {"unknown", "not tried"}},
		Rows: []sheetRow{
			{"Purpose", "Virtual desktops in the browser"},
			{"From", "the network of the people's devices (fill in)"},
			{"To", "{host}"},
			{"Port", "TCP {port}, outbound; nothing inbound, no UDP, no further port such as 4172"},
			{"Protocol", "HTTPS, and WebSocket (RFC 6455) on the same port"},
			{"Proxy", "carry Upgrade requests; no idle time-out below 60 s; no TLS inspection"},
			{"Names", "{host} must be known to the devices' DNS"},
			{"Addresses", "tamachi diagnose client prints this sheet with the IP addresses"},
		},
	}
}
