package diagnose

import (
	"fmt"
	"io"
	"strings"
	"time"

	"tamachi/internal/desk/report"
)

// serviceText is what the diagnosis says of WorkSpaces on AWS; the rest is that
// of a plane.
var serviceText = struct {
	Head, Internet, Login, Stream, Mute, MuteMeans, OnlyDesktops, NoInternet, Purpose, To, Names, Added, Gone, Same, First, NoRanges report.Message
}{
	Head:         report.Message{En: "Ways in to WorkSpaces in {region}", Ja: "{region} の WorkSpaces への経路"},
	Internet:     report.Message{En: "internet in general", Ja: "インターネット全般"},
	Login:        report.Message{En: "sign-in, TCP 443", Ja: "サインイン、TCP 443"},
	Stream:       report.Message{En: "screen, {what}", Ja: "画面、{what}"},
	Mute:         report.Message{En: "nothing came back", Ja: "応答なし"},
	MuteMeans:    report.Message{En: "UDP is blocked, or the server does not answer what it does not understand; ask for it to be opened where TCP is open and the screen is slow.", Ja: "UDP が遮断されているか、サーバーが知らない内容に応答しないかのどちらかです。TCP が通るのに画面が遅い場合は、開放を依頼してください。"},
	OnlyDesktops: report.Message{En: "The internet works, and what desktops need does not: a firewall, not the line.", Ja: "インターネットは使えますが、デスクトップに必要な経路が通りません。回線ではなくファイアウォールの問題です。"},
	NoInternet:   report.Message{En: "The internet in general is not reached either: look at line, proxy and DNS first.", Ja: "インターネット全般にも届きません。まず回線、プロキシー、DNS を確認してください。"},
	Purpose:      report.Message{En: "Purpose: Amazon WorkSpaces clients", Ja: "目的: Amazon WorkSpaces クライアントの利用"},
	To:           report.Message{En: "To {port}, outbound ({what}; {subset} of AWS's ranges of {date}): {n}", Ja: "宛先 {port} 外向き ({what}、AWS の範囲 {date} の {subset}): {n} 件"},
	Names:        report.Message{En: "To {port}, outbound (health check): {host}", Ja: "宛先 {port} 外向き (疎通確認): {host}"},
	Added:        report.Message{En: "new since {last}: {range}", Ja: "{last} 以降に追加: {range}"},
	Gone:         report.Message{En: "gone since {last}: {range}", Ja: "{last} 以降に削除: {range}"},
	Same:         report.Message{En: "the ranges are those of {last}", Ja: "範囲は {last} から変わっていません"},
	First:        report.Message{En: "the first sheet here: nothing to compare it with", Ja: "この端末での最初の依頼票です (比較対象なし)"},
	NoRanges:     report.Message{En: "the addresses are not known: {err}", Ja: "アドレスが分かりません: {err}"},
}

// Write tells what was found, and the request to the firewall's keepers.
func (s *Service) Write(w io.Writer, lang report.Lang, now time.Time) {
	m := catalogue()[string(lang)]
	fmt.Fprintln(w, serviceText.Head.In(lang, "region", s.Region)+"\n")
	for _, way := range s.Ways {
		verdict := m.Verdicts[way.Verdict]
		if way.Verdict == mute {
			verdict = serviceText.Mute.In(lang)
		}
		fmt.Fprintf(w, "  %s: %s (%d ms)  %s\n", wayName(way.Name, lang), verdict, way.Millis, strings.Join(way.Found, ", "))
		switch way.Verdict {
		case Blocked:
			fmt.Fprintf(w, "    %s\n    %s\n", m.Causes[way.Cause], way.Detail)
		case mute:
			fmt.Fprintf(w, "    %s\n", serviceText.MuteMeans.In(lang))
		case Open, Unknown:
		}
	}
	conclusion := m.Fine
	if s.Meaning != nil {
		conclusion = s.Meaning.In(lang)
	}
	fmt.Fprintf(w, "\n%s\n\n%s\n\n  %s\n", conclusion, m.Sheet, serviceText.Purpose.In(lang))
	s.sheet(w, lang)
	fmt.Fprintf(w, "  %s\n", now.Format(time.DateOnly))
}

func wayName(name string, lang report.Lang) string {
	switch name {
	case "internet":
		return serviceText.Internet.In(lang)
	case "login":
		return serviceText.Login.In(lang)
	}
	return serviceText.Stream.In(lang, "what", name)
}

// sheet is each port with its addresses, and what changed in them.
func (s *Service) sheet(w io.Writer, lang report.Lang) {
	if s.NoRanges != "" {
		fmt.Fprintln(w, "  "+serviceText.NoRanges.In(lang, "err", s.NoRanges))
	}
	for _, o := range s.Openings {
		fmt.Fprintln(w, "  "+serviceText.To.In(lang, "port", o.Port, "what", o.What, "subset", o.Subset, "date", s.made, "n", len(o.Prefixes)))
		for _, p := range o.Prefixes {
			fmt.Fprintln(w, "    "+p)
		}
		if o.Subset == gateways {
			fmt.Fprintln(w, "  "+serviceText.Names.In(lang, "port", o.Port, "host", s.Health))
		}
	}
	if s.NoRanges != "" {
		return
	}
	switch d := s.Since; {
	case d == nil:
		fmt.Fprintln(w, "  "+serviceText.First.In(lang))
	case len(d.Added)+len(d.Gone) == 0:
		fmt.Fprintln(w, "  "+serviceText.Same.In(lang, "last", d.Last))
	default:
		for _, p := range d.Added {
			fmt.Fprintln(w, "  "+serviceText.Added.In(lang, "last", d.Last, "range", p))
		}
		for _, p := range d.Gone {
			fmt.Fprintln(w, "  "+serviceText.Gone.In(lang, "last", d.Last, "range", p))
		}
	}
}
