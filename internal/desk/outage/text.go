package outage

import (
	"strings"
	"time"

	"tamachi/internal/desk/report"
)

// text is everything that is said of outages.
var text = struct {
	Head, Where, WhereIs, Share, ShareSubnet, Now, NowIs, Next, NextFix, NextPath, Note, NoteIs, More, None, What, Why, Lost, NobodyAway report.Message
}{
	Head: report.Message{
		En: "{n} sessions ended at {time}, one incident: {users}",
		Ja: "{time} に {n} セッションが切断 (1 件の障害): {users}",
	},
	Where:       report.Message{En: "where", Ja: "場所"},
	WhereIs:     report.Message{En: "{region}: {list}", Ja: "{region}: {list}"},
	Share:       report.Message{En: "{hit} of {seats} desktops of {directory}", Ja: "{directory} の {seats} 台中 {hit} 台"},
	ShareSubnet: report.Message{En: "{hit} of {seats} desktops of {directory} in {subnet}", Ja: "{directory} の {subnet} にある {seats} 台中 {hit} 台"},
	Now:         report.Message{En: "now", Ja: "現在"},
	NowIs:       report.Message{En: "{back} of {hit} connected again, {away} not: {users}", Ja: "{hit} 人中 {back} 人が再接続、{away} 人は未接続: {users}"},
	NobodyAway:  report.Message{En: "{back} of {hit} connected again; no running desktop is left", Ja: "{hit} 人中 {back} 人が再接続。残りに起動中のデスクトップはない"},
	Next:        report.Message{En: "next", Ja: "次に"},
	NextFix: report.Message{
		En: "tamachi diagnose outage --since {since} --fix   reboots the {n} {n|desktop|desktops} whose users are not back",
		Ja: "tamachi diagnose outage --since {since} --fix   戻っていない {n} 台を再起動する",
	},
	NextPath: report.Message{
		En: "tamachi diagnose path {user} to FILESERVER   is the network whole?",
		Ja: "tamachi diagnose path {user} to FILESERVER   経路が切れていないか調べる",
	},
	Note:   report.Message{En: "note", Ja: "注"},
	NoteIs: report.Message{En: "CloudWatch tells that sessions ended, not why; who logged off counts too", Ja: "CloudWatch は切断の数だけを示し、理由は示さない。自分でログオフした人も含む"},
	More:   report.Message{En: "{list} and {n} more", Ja: "{list} ほか {n}"},
	None:   report.Message{En: "no {n} sessions ended at once since {time}", Ja: "{time} 以降、{n} セッション以上が同時に切れたことはない"},
	What:   report.Message{En: "reboot the desktop of {user}", Ja: "{user} のデスクトップを再起動"},
	Why:    report.Message{En: "disconnected at {time}, with {n} others, and not back", Ja: "{time} に他の {n} 人とともに切断、未復帰"},
	Lost:   report.Message{En: "what is not saved", Ja: "保存していないもの"},
}

const most = 12

// Row is a labelled line.
type Row struct{ Label, Text string }

// Tell is the incident in a language: a headline, and what follows it.
func (i *Incident) Tell(lang report.Lang, clock func(time.Time) string) (head string, rows []Row) {
	say := func(m report.Message, pairs ...any) string { return m.In(lang, pairs...) }
	head = say(text.Head, "n", i.Ended, "time", clock(i.From), "users", list(lang, i.Hit))
	var where []string
	for _, s := range i.Where[:min(len(i.Where), 4)] {
		m := text.Share
		if s.Subnet != "" {
			m = text.ShareSubnet
		}
		where = append(where, say(m, "hit", s.Hit, "seats", s.Seats, "directory", s.Directory, "subnet", s.Subnet))
	}
	rows = append(rows, Row{say(text.Where), say(text.WhereIs, "region", i.Region, "list", strings.Join(where, "; "))})
	back := 0
	for _, s := range i.Hit {
		if s.Back {
			back++
		}
	}
	if len(i.Away) == 0 {
		rows = append(rows, Row{say(text.Now), say(text.NobodyAway, "back", back, "hit", len(i.Hit))})
	} else {
		since := i.From.UTC().Format("2006-01-02T15:04:05Z")
		rows = append(rows, Row{say(text.Now), say(text.NowIs, "back", back, "hit", len(i.Hit), "away", len(i.Away), "users", list(lang, i.Away))},
			Row{say(text.Next), say(text.NextPath, "user", i.Away[0].User)},
			Row{say(text.Next), say(text.NextFix, "since", since, "n", len(i.Away))})
	}
	return head, append(rows, Row{say(text.Note), say(text.NoteIs)})
}

func list(lang report.Lang, seats []Seat) string {
	var names []string
	for _, s := range seats[:min(len(seats), most)] {
		names = append(names, s.User)
	}
	if n := len(seats) - most; n > 0 {
		return text.More.In(lang, "list", strings.Join(names, ", "), "n", n)
	}
	return strings.Join(names, ", ")
}
