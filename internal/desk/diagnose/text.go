package diagnose

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// messages is all that a person reads, in one language.
type messages struct {
	Head, Fine, Sheet string
	Ways              map[string]string // what each way is
	Verdicts          map[Verdict]string
	Causes            map[string]string // what a cause means, and who mends it
	Rows              [][2]string       // of the request; {host}, {port}, {addresses}, {date} are filled in
}

func catalogue() map[string]messages {
	return map[string]messages{"en": english(), "ja": japanese()}
}

func english() messages {
	return messages{
		Head: "Ways in to %s", Fine: "Nothing is blocked.", Sheet: "Request to those who keep the firewall",
		Ways: map[string]string{
			"name": "name", "port": "port", "certificate": "certificate", "page": "page", "stream": "screen (WebSocket)", "clock": "clock",
		},
		Verdicts: map[Verdict]string{Open: "open", Blocked: "BLOCKED", Unknown: "not tried"},
		Causes: map[string]string{
			"name":        "The name is not known here. Ask those who keep the DNS for a record, or for forwarding to the plane's.",
			"port":        "The port refuses connections: nothing listens there, or a firewall answers for it.",
			"silent":      "Nobody answers at the port: a firewall on the way drops it, mostly.",
			"certificate": "The TLS connection does not come about: something on the way speaks no TLS, or cuts it off.",
			"issuer":      "The certificate is of an unknown issuer: install the plane's CA (/_tamachi/ca.pem), or, if the issuer below is a proxy's, ask for an exception from TLS inspection.",
			"hostname":    "The certificate is for another name: use the name that the plane was set up with.",
			"expired":     "The certificate is out of its time, or this machine's clock is wrong.",
			"page":        "The page cannot be had: a proxy on the way refuses it.",
			"stranger":    "Something else than a plane answers: a proxy's page, mostly.",
			"stream":      "The screen's WebSocket does not pass: a proxy on the way does not carry Upgrade requests.",
			"clock":       "The clocks differ too much: signatures and codes of authenticator apps will be refused. Set this machine's clock by NTP.",
		},
		Rows: [][2]string{
			{"Purpose", "Virtual desktops in the browser"},
			{"From", "the network of the people's devices (fill in)"},
			{"To", "{host} ({addresses})"},
			{"Port", "TCP {port}, outbound; nothing inbound, no UDP, no further port"},
			{"Protocol", "HTTPS, and WebSocket (RFC 6455) on the same port"},
			{"Proxy", "carry Upgrade requests; no idle time-out below 60 s; no TLS inspection"},
			{"Names", "{host} must be known to the devices' DNS"},
			{"Asked for on", "{date}"},
		},
	}
}

func japanese() messages {
	return messages{
		Head: "%s への経路", Fine: "遮断されている経路はありません。", Sheet: "ファイアウォール設定依頼票",
		Ways: map[string]string{
			"name": "名前解決", "port": "ポート", "certificate": "証明書", "page": "ページ", "stream": "画面 (WebSocket)", "clock": "時刻",
		},
		Verdicts: map[Verdict]string{Open: "正常", Blocked: "遮断", Unknown: "未確認"},
		Causes: map[string]string{
			"name":        "名前を解決できません。DNS の管理者に、レコードの登録または転送の設定を依頼してください。",
			"port":        "ポートへの接続が拒否されました。待ち受けがないか、ファイアウォールが拒否しています。",
			"silent":      "ポートから応答がありません。多くの場合、途中のファイアウォールが破棄しています。",
			"certificate": "TLS 接続が成立しません。途中の機器が TLS を扱えないか、切断しています。",
			"issuer":      "証明書の発行者が不明です。Tamachi の CA (/_tamachi/ca.pem) を登録してください。発行者がプロキシーの場合は、TLS 検査の対象外とするよう依頼してください。",
			"hostname":    "証明書の名前が違います。構築時に決めた名前で接続してください。",
			"expired":     "証明書の有効期間外です。または、この端末の時刻がずれています。",
			"page":        "ページを取得できません。途中のプロキシーが拒否しています。",
			"stranger":    "Tamachi 以外の応答です。多くの場合、プロキシーのページです。",
			"stream":      "画面の WebSocket が通りません。途中のプロキシーが Upgrade 要求を中継していません。",
			"clock":       "時刻のずれが大きすぎます。署名や認証アプリのコードが拒否されます。NTP で時刻を合わせてください。",
		},
		Rows: [][2]string{
			{"目的", "ブラウザーによる仮想デスクトップの利用"},
			{"送信元", "利用者端末のネットワーク (ご記入ください)"},
			{"宛先", "{host} ({addresses})"},
			{"ポート", "TCP {port} (外向きのみ。内向き、UDP、その他のポートは不要)"},
			{"プロトコル", "HTTPS、および同じポート上の WebSocket (RFC 6455)"},
			{"プロキシー", "Upgrade 要求を中継すること。無通信の切断は 60 秒以上。TLS 検査の対象外とすること"},
			{"名前解決", "利用者端末の DNS で {host} を解決できること"},
			{"依頼日", "{date}"},
		},
	}
}

// Print tells what was found, and the request to the firewall's keepers.
func (c *Client) Print(w io.Writer, lang string, now time.Time) {
	m := catalogue()[lang]
	fmt.Fprintf(w, m.Head+"\n\n", c.URL)
	addresses := ""
	for _, way := range c.Ways {
		fmt.Fprintf(w, "  %s: %s", m.Ways[way.Name], m.Verdicts[way.Verdict])
		if way.Verdict != Unknown {
			fmt.Fprintf(w, " (%d ms)", way.Millis)
		}
		if len(way.Found) > 0 {
			fmt.Fprintf(w, "  %s", strings.Join(way.Found, ", "))
		}
		fmt.Fprintln(w)
		if way.Verdict == Blocked {
			fmt.Fprintf(w, "    %s\n    %s\n", m.Causes[way.Cause], way.Detail)
		}
		if way.Name == "name" {
			addresses = strings.Join(way.Found, ", ")
		}
	}
	if c.Good() {
		fmt.Fprintf(w, "\n%s\n", m.Fine)
	}
	fill := strings.NewReplacer("{host}", c.Host, "{port}", c.Port, "{addresses}", addresses, "{date}", now.Format(time.DateOnly))
	fmt.Fprintf(w, "\n%s\n\n", m.Sheet)
	for _, row := range m.Rows {
		fmt.Fprintf(w, "  %s: %s\n", row[0], fill.Replace(row[1]))
	}
}
