package webaccess

// filmText is all that a person reads on the page of a recording.
type filmText struct {
	Head, Play, Pause, Speed, Place, Idle, Picture, Facts, Live string
	Status                                                      []status
}

func filmTexts(lang string) filmText {
	if lang == "ja" {
		return filmText{
			Head: "録画", Play: "再生", Pause: "一時停止", Speed: "速度", Place: "再生位置", Idle: "動きのない部分を飛ばす", Picture: "録画された画面",
			Facts: "{desktop} ({user}) の画面を {by} が {when} から録画",
			Live:  "録画は続いています。このページを再読み込みすると続きを見られます。",
			Status: []status{
				{"loading", "読み込んでいます…"},
				{"ready", ""},
				{"empty", "まだ何も録画されていません。"},
				{"over", "このページの有効期限が切れました。新しいリンクを取得してください: tamachi desktop recording play"},
				{"gone", "この録画は削除されました。"},
				{"away", "録画を読み込めません。しばらくしてから、このページを再読み込みしてください。"},
			},
		}
	}
	return filmText{
		Head: "Recording", Play: "Play", Pause: "Pause", Speed: "Speed", Place: "Place", Idle: "Skip what stands still", Picture: "The recorded screen",
		Facts: "Screen of {desktop} ({user}), recorded by {by} from {when}",
		Live:  "The recording goes on. Load this page again to see more.",
		Status: []status{
			{"loading", "Loading…"},
			{"ready", ""},
			{"empty", "Nothing is recorded yet."},
			{"over", "This page's time is over. Ask for a new link: tamachi desktop recording play"},
			{"gone", "This recording was deleted."},
			{"away", "The recording cannot be read. Load this page again in a moment."},
		},
	}
}
