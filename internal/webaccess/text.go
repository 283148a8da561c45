package webaccess

// text is all that a person reads on the pages, in one language. The fields of
// Status are the values of the page's data-status attribute.
type text struct {
	Title, Unbuilt, UnbuiltHow             string
	Expired, ExpiredHow, Broken, BrokenHow string
	Reconnect, Clipboard, ClipboardHint    string
	Copy, Paste, Keyboard, FullScreen      string
	Screen, Escape, Tab                    string
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
	FullScreen:    "Full screen",
	Screen:        "Screen of the desktop",
	Escape:        "Esc",
	Tab:           "Tab",
	Status: []status{
		{"connecting", "Connecting…"},
		{"connected", "Connected"},
		{"starting", "The desktop is starting. This page connects by itself."},
		{"stopped", "The desktop is stopped. This page connects by itself once it is started."},
		{"failed", "The desktop is in ERROR and has no screen."},
		{"gone", "The desktop is gone."},
		{"busy", "Too many windows show this desktop. Close one and reconnect."},
		{"lost", "The connection was lost."},
		{"away", "Tamachi does not answer. This page tries again by itself."},
		{"over", "This session is over. Ask for a new link: tamachi desktop open"},
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
	FullScreen:    "全画面",
	Screen:        "デスクトップの画面",
	Escape:        "Esc",
	Tab:           "Tab",
	Status: []status{
		{"connecting", "接続しています…"},
		{"connected", "接続済み"},
		{"starting", "デスクトップを起動しています。起動すると自動で接続します。"},
		{"stopped", "デスクトップは停止しています。起動されると自動で接続します。"},
		{"failed", "デスクトップは ERROR の状態で、画面がありません。"},
		{"gone", "デスクトップは削除されました。"},
		{"busy", "このデスクトップを開いているウィンドウが多すぎます。一つ閉じて再接続してください。"},
		{"lost", "接続が切れました。"},
		{"away", "Tamachi が応答しません。自動で再試行します。"},
		{"over", "このセッションは終了しました。新しいリンクを取得してください: tamachi desktop open"},
	},
}

func texts(lang string) text {
	if lang == "ja" {
		return japanese
	}
	return english
}
